import type { Contender } from '../contest/contender.ts'
import { asyncCacheDedupe } from './async-cache-dedupe.ts'
import { bentocache } from './bentocache.ts'
import { cacheable } from './cacheable.ts'
import { epicCachified } from './cachified.ts'
import { layeredLoader } from './layered-loader.ts'

export const rivals: readonly Contender[] = [bentocache, cacheable, asyncCacheDedupe, epicCachified, layeredLoader]
