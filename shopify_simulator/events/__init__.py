"""What can happen to an order: placed, paid, edited, fulfilled, refunded, cancelled. Each moves ``updated_at``."""
