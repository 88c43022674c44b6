/** Starts the fake for exploring by hand: `npm run fake-openai [-- --port 8080] [--latency 300]`. */
import { parseArgs } from 'node:util'
import { startFakeOpenAI } from './fake-openai.ts'
import { TROUBLE_NAMES, troubleIn } from './trouble.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8080' }, latency: { type: 'string', default: '300' } },
})
const fake = await startFakeOpenAI({ port: Number(values.port), latencyMs: Number(values.latency), troubleIn })

process.stdout.write(`A fake OpenAI answers at ${fake.url}. In another terminal:

  OPENAI_BASE_URL=${fake.url} npm start

Learners ask for troubles in their messages: ${TROUBLE_NAMES.map((name) => `[fake:${name}]`).join(' ')}
`)
