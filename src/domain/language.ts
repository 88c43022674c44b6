import { badInput } from './error.ts'

declare const brand: unique symbol

/** An ISO 639-1 language code, such as `cs`. */
export type LanguageCode = string & { readonly [brand]: 'LanguageCode' }

/** The 183 codes of ISO 639-1. Source: the code tables of the registration authority, ISO 639-2/RA. */
const ISO_639_1 = new Set(
  `aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie
    ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv
    mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm
    rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts
    tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`.split(/\s+/),
)

export const isLanguageCode = (text: string): text is LanguageCode => ISO_639_1.has(text)

/** @throws BAD_USER_INPUT naming `field` when the text is no ISO 639-1 code in lower case. */
export function parseLanguage(field: string, text: string): LanguageCode {
  if (!isLanguageCode(text)) throw badInput(field, 'must be an ISO 639-1 language code such as en.')
  return text
}
