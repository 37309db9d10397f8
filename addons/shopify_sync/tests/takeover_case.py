"""The take-over dialog, used as a person does."""


class TakeoverMixin:
    """`what` is taken over by a Shopify Manager."""

    what = "product"

    def search(self, user=None, **values):
        """The dialog after its search."""
        with self.own_cursor(user or self.manager) as env:
            wizard = env["shopify.takeover"].create({"instance_id": self.instance.id, "what": self.what, **values})
            wizard.action_search()
        return self.env["shopify.takeover"].browse(wizard.id)

    def press(self, wizard, button="action_link", user=None):
        with self.own_cursor(user or self.manager) as env:
            getattr(wizard.with_env(env), button)()

    def take_over(self, **values):
        """Search, and link what is ticked."""
        wizard = self.search(**values)
        self.press(wizard)
        return wizard

    def rows(self, wizard):
        """Rows by their Shopify name."""
        return {row.title: row for row in wizard.line_ids}

    def counted(self, *models):
        return [self.env[model].with_context(active_test=False).search_count([]) for model in models]
