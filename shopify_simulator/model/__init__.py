"""What a store holds, as plain records named by Shopify's words (snake case of the GraphQL field names)."""
