import type { Config } from './config.ts'
import { openConfiguredDatabase, openConfiguredTutor, openConfiguredVoice, type World } from './open.ts'
import type { Tracing } from './telemetry/tracing.ts'

/** The same world, in which whatever is opened is followed. */
export async function tracedWorld(world: World, tracing: Tracing, { redisUrl }: Config): Promise<World> {
  const { openDatabase = openConfiguredDatabase, openTutor = openConfiguredTutor } = world
  const { openVoice = openConfiguredVoice } = world
  const openStore =
    world.openStore ?? (redisUrl === null ? null : (await import('./redis/redis-store.ts')).openRedisStore)
  return {
    ...world,
    openDatabase: async (config, statements, log) => tracing.database(await openDatabase(config, statements, log)),
    openTutor: async (config, log, count) => tracing.tutor(await openTutor(config, log, count), config.openai),
    async openVoice(config, log, count) {
      const voice = await openVoice(config, log, count)
      return voice && config.openai ? tracing.voice(voice, config.openai) : voice
    },
    ...(openStore && { openStore: (options) => tracing.store(openStore(options)) }),
  }
}
