-- In the order in which a process of the release before takes them, which may be at it.
LOCK TABLE "users", "user_settings", "messages", "jobs" IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TYPE "public"."webhook_delivery_error" AS ENUM('REFUSED', 'DNS', 'ADDRESS', 'CONNECTION', 'TLS', 'TIMEOUT', 'RESPONSE', 'SECRET_UNREADABLE', 'WORKER_LOST', 'INTERNAL_SERVER_ERROR');--> statement-breakpoint
CREATE TYPE "public"."webhook_delivery_status" AS ENUM('PENDING', 'DELIVERED', 'FAILED', 'CANCELLED');--> statement-breakpoint
CREATE TYPE "public"."webhook_disabled_reason" AS ENUM('REQUESTED', 'GONE', 'FAILING');--> statement-breakpoint
CREATE TYPE "public"."webhook_event" AS ENUM('JOB_SUCCEEDED', 'JOB_FAILED', 'STREAK_REMINDER');--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"webhook_id" uuid NOT NULL,
	"job_id" uuid,
	"user_id" bigint,
	"event" "webhook_event" NOT NULL,
	"payload" text NOT NULL,
	"revision" integer NOT NULL,
	"status" "webhook_delivery_status" NOT NULL,
	"attempts" integer NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"first_attempt_at" timestamp(3) with time zone,
	"last_attempt_at" timestamp(3) with time zone,
	"next_attempt_at" timestamp(3) with time zone,
	"last_status" integer,
	"last_error" "webhook_delivery_error",
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "webhook_deliveries_subject" CHECK (num_nonnulls("webhook_deliveries"."job_id", "webhook_deliveries"."user_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_until" timestamp(3) with time zone,
	"enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" "webhook_disabled_reason",
	"enabled_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reminder_evenings" (
	"timezone" text NOT NULL,
	"date" date NOT NULL,
	CONSTRAINT "reminder_evenings_date_timezone_pk" PRIMARY KEY("date","timezone")
);
--> statement-breakpoint
CREATE TABLE "schedule" (
	"task" text PRIMARY KEY NOT NULL,
	"due" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "streak_reminders" (
	"user_id" bigint NOT NULL,
	"date" date NOT NULL,
	CONSTRAINT "streak_reminders_user_id_date_pk" PRIMARY KEY("user_id","date")
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "streak_reminders" ADD CONSTRAINT "streak_reminders_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_in_order" ON "webhook_deliveries" USING btree ("webhook_id","created_at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_of_job" ON "webhook_deliveries" USING btree ("job_id") WHERE "webhook_deliveries"."job_id" is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_of_learner" ON "webhook_deliveries" USING btree ("user_id") WHERE "webhook_deliveries"."user_id" is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_pending" ON "webhook_deliveries" USING btree ("webhook_id") WHERE "webhook_deliveries"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_ended" ON "webhook_deliveries" USING btree ("webhook_id","ended_at") WHERE "webhook_deliveries"."ended_at" is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_end" ON "webhook_deliveries" USING btree ("ended_at") WHERE "webhook_deliveries"."ended_at" is not null;--> statement-breakpoint
CREATE INDEX "streak_reminders_by_date" ON "streak_reminders" USING btree ("date");--> statement-breakpoint
CREATE INDEX "messages_by_time" ON "messages" USING btree ("created_at") WHERE "messages"."answers" is null;--> statement-breakpoint
CREATE INDEX "user_settings_to_remind" ON "user_settings" USING btree ("timezone","user_id") WHERE "user_settings"."notifications_enabled";