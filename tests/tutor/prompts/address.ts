/** Words by which Czech tells whether somebody is addressed formally or not. */

const FORMAL =
  /(?<!\p{L})(?:vy|vás|vám|vámi|váš|vaš\p{L}*|(?:ne)?jste|byste)(?!\p{L})|(?<!\p{L})\p{L}+(?:[áíeě]te|[jsšzřň]te)(?!\p{L})/giu

const INFORMAL =
  /(?<!\p{L})(?:ty|tě|tebe|tobě|ti|tebou|tvůj|tvoj\p{L}*|tv[áéý]\p{L}{0,3}|tvou|(?:ne)?jsi|bys|ses|sis)(?!\p{L})|(?<!\p{L})(?!(?:v|n)áš(?!\p{L}))\p{L}+[áíeě]š(?!\p{L})|(?<!\p{L})(?:\p{L}*piš|zkus|přidej|řekni|koukni|začni|nastav|přečti|zkontroluj|\p{L}+uj|(?:z|o)?ptej|dej|drž|měj|mluv|vysvětli)(?!\p{L})/giu

export const formalIn = (text: string): string[] => text.match(FORMAL) ?? []

export const informalIn = (text: string): string[] => text.match(INFORMAL) ?? []
