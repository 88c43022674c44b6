import { Client, cacheExchange, fetchExchange } from 'urql'
import { expect, test } from 'vitest'
import { wav } from '../support/audio/wav.ts'
import { SAY, startVoiced } from '../support/voiced.ts'
import { bearer } from './whole-app.ts'

/** With nothing set but the address and the token, as its own documentation says. */
test('urql sends recordings as it is', async () => {
  await using app = await startVoiced()
  const ada = await app.learner()
  const client = new Client({
    url: `${app.url}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: bearer(ada.token) },
    preferGetMethod: false,
  })
  const audio = wav(1)
  const say = (bytes: Uint8Array) =>
    client.mutation(SAY, { input: { audio: new File([new Uint8Array(bytes)], 'a.wav') } })
  const { data, error } = await say(audio)
  expect(error).toBeUndefined()
  expect((await app.ended(ada, data.sendVoiceMessage.id)).speech).not.toBeNull()
  expect(app.voice.heard[0]?.audio.equals(audio)).toBe(true)
  const refused = await say(Buffer.from('Ahoj!'))
  expect(refused.error?.graphQLErrors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'audio' })
})
