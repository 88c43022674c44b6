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
ALTER TABLE "streak_reminders" ADD CONSTRAINT "streak_reminders_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "streak_reminders_by_date" ON "streak_reminders" USING btree ("date");--> statement-breakpoint
CREATE INDEX "messages_by_time" ON "messages" USING btree ("created_at") WHERE "messages"."answers" is null;--> statement-breakpoint
CREATE INDEX "user_settings_to_remind" ON "user_settings" USING btree ("timezone","user_id") WHERE "user_settings"."notifications_enabled";