-- In the order in which a deletion takes them: a process of the release before may be at it.
LOCK TABLE "users", "acts", "messages" IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "model_calls" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "model_calls_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint,
	"at" timestamp(3) with time zone NOT NULL,
	"model" text NOT NULL,
	"tokens_in" bigint,
	"tokens_cached" bigint,
	"tokens_out" bigint,
	"usd" numeric(20, 10)
);
--> statement-breakpoint
CREATE TABLE "model_usage" (
	"user_id" bigint NOT NULL,
	"date" date NOT NULL,
	"calls" integer DEFAULT 0 NOT NULL,
	"tokens_in" bigint DEFAULT 0 NOT NULL,
	"tokens_cached" bigint DEFAULT 0 NOT NULL,
	"tokens_out" bigint DEFAULT 0 NOT NULL,
	"usd_spent" numeric(20, 10) DEFAULT 0 NOT NULL,
	"unpriced_calls" integer DEFAULT 0 NOT NULL,
	"recalled" integer DEFAULT 0 NOT NULL,
	"usd_saved" numeric(20, 10) DEFAULT 0 NOT NULL,
	"unpriced_recalled" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "model_usage_user_id_date_pk" PRIMARY KEY("user_id","date")
);
--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "date" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "messages_count" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "words_said" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "scored_words" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "streak_day" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "stars_total" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "stars_available" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "stars_lifetime" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ALTER COLUMN "stars_earned" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "acts" ADD COLUMN "message_id" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "answered" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "stars_earned" integer;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "answers" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "remarks" jsonb;--> statement-breakpoint
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_usage" ADD CONSTRAINT "model_usage_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "model_calls_by_time" ON "model_calls" USING btree ("at");--> statement-breakpoint
CREATE INDEX "model_calls_by_user" ON "model_calls" USING btree ("user_id");--> statement-breakpoint
ALTER TABLE "acts" ADD CONSTRAINT "acts_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_answers_messages_id_fk" FOREIGN KEY ("answers") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "acts_of_message" ON "acts" USING btree ("message_id") WHERE "acts"."message_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "messages_one_answer" ON "messages" USING btree ("answers") WHERE "messages"."answers" is not null;--> statement-breakpoint
-- Whoever is deleted also leaves what is kept of the model's answers to them alone, and of what they asked.
CREATE OR REPLACE FUNCTION note_changed_users() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM note_invalidation(ARRAY(
      SELECT DISTINCT tag FROM new_rows, unnest(ARRAY['user:' || id, 'telegram:' || telegram_id, 'users']) AS tag
      LIMIT 1001));
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM note_invalidation(ARRAY(
      SELECT DISTINCT tag FROM old_rows, unnest(ARRAY[
        'user:' || id, 'telegram:' || telegram_id, 'users', 'replies:' || id, 'asked:' || id]) AS tag
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
