-- In the order in which a deletion takes them: a process of the release before may be at it.
LOCK TABLE "users", "acts", "messages" IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TYPE "public"."job_kind" AS ENUM('TEXT_MESSAGE', 'VOICE_MESSAGE');--> statement-breakpoint
CREATE TYPE "public"."job_stage" AS ENUM('TRANSCRIBE', 'REPLY', 'SPEAK');--> statement-breakpoint
CREATE TYPE "public"."job_status" AS ENUM('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED');--> statement-breakpoint
CREATE TABLE "job_updates" (
	"job_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"status" "job_status" NOT NULL,
	"stage" "job_stage",
	"attempts" integer NOT NULL,
	"error" jsonb,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "job_updates_job_id_revision_pk" PRIMARY KEY("job_id","revision")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" bigint NOT NULL,
	"kind" "job_kind" NOT NULL,
	"status" "job_status" NOT NULL,
	"stage" "job_stage",
	"revision" integer NOT NULL,
	"attempts" integer NOT NULL,
	"failures" integer NOT NULL,
	"error" jsonb,
	"message_id" bigint,
	"practised" jsonb,
	"transcript_key" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"finished_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "recordings" (
	"job_id" uuid PRIMARY KEY NOT NULL,
	"format" text NOT NULL,
	"digest" text NOT NULL,
	"duration_ms" integer NOT NULL,
	"audio" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "speeches" (
	"message_id" bigint PRIMARY KEY NOT NULL,
	"format" text NOT NULL,
	"fingerprint" text,
	"audio" "bytea" NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "acts" ADD COLUMN "job_id" uuid;--> statement-breakpoint
ALTER TABLE "job_updates" ADD CONSTRAINT "job_updates_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "speeches" ADD CONSTRAINT "speeches_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "jobs_of_learner" ON "jobs" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "jobs_of_message" ON "jobs" USING btree ("message_id") WHERE "jobs"."message_id" is not null;--> statement-breakpoint
CREATE INDEX "jobs_unfinished" ON "jobs" USING btree ("created_at") WHERE "jobs"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_finished" ON "jobs" USING btree ("finished_at") WHERE "jobs"."finished_at" is not null;--> statement-breakpoint
CREATE INDEX "speeches_by_time" ON "speeches" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "acts" ADD CONSTRAINT "acts_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "acts_of_job" ON "acts" USING btree ("job_id") WHERE "acts"."job_id" is not null;--> statement-breakpoint
-- Audio is compressed already.
ALTER TABLE "recordings" ALTER COLUMN "audio" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "speeches" ALTER COLUMN "audio" SET STORAGE EXTERNAL;--> statement-breakpoint
-- What is remembered of a learner's voice, and of what was said to them, goes with them. However many there are, each is
-- named: a new epoch does not touch answers, which never change. It is noted with the rights of the tables' owner.
CREATE FUNCTION note_forgotten_voices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_ARGV[0] = 'speech' THEN
    INSERT INTO cache_invalidation (tag)
      SELECT DISTINCT 'speech:' || fingerprint FROM old_rows WHERE fingerprint IS NOT NULL;
  ELSE
    INSERT INTO cache_invalidation (tag)
      SELECT DISTINCT 'transcript:' || transcript_key FROM old_rows WHERE transcript_key IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER note_deleted AFTER DELETE ON "speeches" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION note_forgotten_voices('speech');--> statement-breakpoint
CREATE TRIGGER note_deleted AFTER DELETE ON "jobs" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION note_forgotten_voices('transcript');
