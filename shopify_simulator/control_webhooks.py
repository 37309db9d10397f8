"""Control calls for webhooks."""

from __future__ import annotations


class WebhookControl:
    """What can be asked and done about webhooks over HTTP; a part of `control.Control`."""

    def do_webhooks(self) -> dict:
        """Subscriptions, waiting and last deliveries, faults."""
        return self.app.webhooks.state()

    def do_webhooks_configure(self, automatic: bool | None = None, compliance_uri: str | None = None) -> dict:
        """Send by itself or only when told (automatic); the address of privacy requests (compliance_uri)."""
        webhooks = self.app.webhooks
        if automatic is not None:
            webhooks.automatic = automatic
        if compliance_uri is not None:
            webhooks.compliance_uri = compliance_uri
        return webhooks.state()

    def do_webhooks_send(self, everything: bool = False) -> dict:
        """Send what is due now, or everything that waits."""
        return {"sent": [{"topic": one.topic, "statuses": one.statuses} for one in self.app.webhooks.send(everything)]}

    def do_webhooks_fault(self, kind: str, **options) -> dict:
        """Plan a fault: late, twice, out_of_order, lost, wrong_signature; topic, times, seconds."""
        self.app.webhooks.fault(kind, **options)
        return self.app.webhooks.state()

    def do_webhooks_clear_faults(self) -> None:
        """Take all faults of deliveries off."""
        self.app.webhooks.clear_faults()

    def do_delete_order(self, order: object) -> None:
        """Delete an order for good."""
        self.app.webhooks.delete_order(order)

    def do_change_location(self, location: object, **changes) -> dict:
        """Change a location: name, city, is_active ..."""
        changed = self.app.webhooks.change_location(location, **changes)
        return {"id": changed.id, "name": changed.name, "active": changed.is_active}

    def do_uninstall(self) -> None:
        """Remove the app from the store."""
        self.app.webhooks.uninstall()

    def do_privacy(self, topic: str, customer: int | None = None) -> None:
        """A privacy request: customers/data_request, customers/redact, shop/redact."""
        self.app.webhooks.privacy(topic, customer)
