"""Control calls for customers: what a person does to them in the admin."""

from __future__ import annotations

from .model.people import Customer


class CustomerControl:
    """What can be asked and done about customers over HTTP; a part of `control.Control`."""

    def do_customers(self, limit: int = 100) -> dict:
        """The customers changed last: id, name, e-mail, phone."""
        with self.store.lock:
            people = sorted(self.store.people.everyone(), key=lambda one: one.updated_at, reverse=True)
            return {"customers": [_told(one) for one in people[:limit]]}

    def do_add_customer(self, **options) -> dict:
        """Add a customer: first_name, last_name, email, phone, note, tags, address ..."""
        return _told(self.store.add_customer(**options))

    def do_change_customer(self, customer: object, **changes) -> dict:
        """Change a customer: first_name, last_name, email, phone, note, tags, state, address."""
        return _told(self.store.change_customer(customer, **changes))

    def do_delete_customer(self, customer: object) -> None:
        """Delete a customer for good."""
        self.store.delete_customer(customer)

    def do_merge_customers(self, one: object, two: object) -> dict:
        """Merge two customers; the answer is the one that is kept."""
        return _told(self.store.merge_customers(one, two))

    def do_anonymise_customer(self, customer: object) -> dict:
        """Erase a customer's personal data."""
        return _told(self.store.anonymise_customer(customer))


def _told(one: Customer) -> dict:
    return {
        "id": f"gid://shopify/Customer/{one.id}",
        "name": one.display_name,
        "email": one.email,
        "phone": one.phone,
        "updated_at": one.updated_at.isoformat(),
    }
