import type { Price } from './domain/usage.ts'

/** Published by OpenAI for these models, read in June 2026. */
export const OPENAI_PRICES =
  'gpt-4.1=2/0.50/8,gpt-4.1-mini=0.40/0.10/1.60,gpt-4.1-nano=0.10/0.025/0.40,gpt-4o=2.50/1.25/10,gpt-4o-mini=0.15/0.075/0.60'

const PRICE = /^([^\s=,]+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/

/** Prices by the model's name, from `model=in/cached/out,…`, each in USD for a million tokens; null when it is not like that. */
export function pricesIn(list: string): ReadonlyMap<string, Price> | null {
  const found = new Map<string, Price>()
  for (const each of list.split(',')) {
    const [, model, ...usd] = PRICE.exec(each.trim()) ?? []
    if (model === undefined) return null
    found.set(model, priceOf(usd.map(Number)))
  }
  return found
}

const priceOf = ([input = 0, cached = 0, output = 0]: readonly number[]): Price => ({ in: input, cached, out: output })
