CREATE TABLE "cache_invalidation" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "cache_invalidation_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"tag" text NOT NULL,
	"noted_at" timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "database_identity" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cache_invalidation_of_transaction" ON "cache_invalidation" USING btree ("xid");
--> statement-breakpoint
INSERT INTO "database_identity" DEFAULT VALUES;
--> statement-breakpoint
-- Each statement that changes rows notes the tags of their old and their new images, once each. It does so with the
-- rights of the tables' owner: whoever may change a learner need not be able to write here.
CREATE FUNCTION note_invalidation(tags text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  -- More than a cache would want to hear one by one: everything is void.
  IF cardinality(tags) > 1000 THEN
    tags := ARRAY['*'];
  END IF;
  INSERT INTO cache_invalidation (tag) SELECT unnest(tags);
END
$$;
--> statement-breakpoint
CREATE FUNCTION note_changed_users() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM note_invalidation(ARRAY(
      SELECT DISTINCT tag FROM new_rows, unnest(ARRAY['user:' || id, 'telegram:' || telegram_id, 'users']) AS tag
      LIMIT 1001));
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM note_invalidation(ARRAY(
      SELECT DISTINCT tag FROM old_rows, unnest(ARRAY['user:' || id, 'telegram:' || telegram_id, 'users']) AS tag
      LIMIT 1001));
  ELSE
    -- Whose Telegram id it is changes only with the id itself.
    PERFORM note_invalidation(ARRAY(
      SELECT 'user:' || id FROM (SELECT id FROM old_rows UNION SELECT id FROM new_rows) AS changed
      UNION
      SELECT 'telegram:' || telegram_id FROM (
        (SELECT id, telegram_id FROM old_rows EXCEPT SELECT id, telegram_id FROM new_rows)
        UNION ALL
        (SELECT id, telegram_id FROM new_rows EXCEPT SELECT id, telegram_id FROM old_rows)) AS moved
      LIMIT 1001));
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- For tables of what belongs to a learner; the argument is the tag's first part.
CREATE FUNCTION note_changed_belongings() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM note_invalidation(ARRAY(SELECT DISTINCT TG_ARGV[0] || ':' || user_id FROM new_rows LIMIT 1001));
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM note_invalidation(ARRAY(SELECT DISTINCT TG_ARGV[0] || ':' || user_id FROM old_rows LIMIT 1001));
  ELSE
    PERFORM note_invalidation(ARRAY(
      SELECT TG_ARGV[0] || ':' || user_id
      FROM (SELECT user_id FROM old_rows UNION SELECT user_id FROM new_rows) AS changed LIMIT 1001));
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Practice is kept until the learner's midnight, so it is read with the learner's zone.
CREATE FUNCTION note_changed_settings() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM note_invalidation(ARRAY(
      SELECT DISTINCT tag FROM new_rows, unnest(ARRAY['settings:' || user_id, 'practice:' || user_id]) AS tag
      LIMIT 1001));
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM note_invalidation(ARRAY(
      SELECT DISTINCT tag FROM old_rows, unnest(ARRAY['settings:' || user_id, 'practice:' || user_id]) AS tag
      LIMIT 1001));
  ELSE
    PERFORM note_invalidation(ARRAY(
      SELECT 'settings:' || user_id FROM (SELECT user_id FROM old_rows UNION SELECT user_id FROM new_rows) AS changed
      UNION
      SELECT 'practice:' || user_id FROM (
        (SELECT user_id, timezone FROM old_rows EXCEPT SELECT user_id, timezone FROM new_rows)
        UNION ALL
        (SELECT user_id, timezone FROM new_rows EXCEPT SELECT user_id, timezone FROM old_rows)) AS moved
      LIMIT 1001));
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION note_truncation() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM note_invalidation(ARRAY['*']);
  RETURN NULL;
END
$$;
--> statement-breakpoint
DO $$
DECLARE
  watched record;
BEGIN
  FOR watched IN
    SELECT * FROM (VALUES
      ('users', 'note_changed_users()'),
      ('user_settings', 'note_changed_settings()'),
      ('stars', 'note_changed_belongings(''stars'')'),
      ('daily_stats', 'note_changed_belongings(''practice'')'),
      ('messages', 'note_changed_belongings(''messages'')')) AS tables (name, note)
  LOOP
    EXECUTE format('CREATE TRIGGER note_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION %s', watched.name, watched.note);
    EXECUTE format('CREATE TRIGGER note_updated AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION %s', watched.name, watched.note);
    EXECUTE format('CREATE TRIGGER note_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION %s', watched.name, watched.note);
    EXECUTE format('CREATE TRIGGER note_truncated AFTER TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION note_truncation()', watched.name);
  END LOOP;
END
$$;
