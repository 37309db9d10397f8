-- A copy of the database must not sign in to the real store: credentials are emptied, schedules are off.
UPDATE shopify_instance
   SET client_id = NULL, client_secret = NULL, access_token = NULL, webhook_secret = NULL, webhook_secret_former = NULL, state = 'draft';
UPDATE shopify_connection
   SET token = NULL, token_expires_at = NULL;
UPDATE ir_cron
   SET active = false
 WHERE shopify_instance_id IS NOT NULL;
