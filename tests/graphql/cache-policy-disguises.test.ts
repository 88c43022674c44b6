import fc from 'fast-check'
import {
  type DocumentNode,
  getOperationAST,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { CachePolicies, type OperationPolicy } from '../../src/graphql/cache-policy.ts'
import { schema } from '../../src/graphql/schema.ts'
import { learnerArguments } from '../support/learner-arguments.ts'
import { randomOperations } from '../support/random-operations.ts'
import { NOW } from '../support/test-app.ts'

const policies = new CachePolicies(schema)

function policyOf(document: DocumentNode): OperationPolicy | null {
  const operation = getOperationAST(document)
  return operation ? policies.of(document, operation) : null
}

/** One of these stands for everything that must not be kept, by the type it can be asked of. */
const UNKEPT: Record<string, string> = {
  Query: 'honzikReply(input: { text: "Ahoj!" }) { reply }',
  User: 'tutorUsage { calls }',
}
const forbidden = /^(Query\.(health|honzikReply)|User\.tutorUsage)$/
const cacheable = randomOperations({
  schema,
  argument: learnerArguments({ ids: [1, 2, 3], telegramIds: ['1001'], now: NOW }),
  uses: (coordinate) => !forbidden.test(coordinate),
  introspection: true,
})
  .map(({ query }) => parse(query))
  // With several, what is changed might belong to another one.
  .filter((document) => policyOf(document) !== null)

/** A way to write the same selections otherwise: as they are to stand there, and what else the document needs. */
type Disguise = (inner: string, type: string, name: string) => readonly [inner: string, definitions?: string]

const HARMLESS: readonly Disguise[] = [
  (inner) => [`... { ${inner} }`],
  (inner, type) => [`... on ${type} @include(if: true) { ${inner} }`],
  (inner, type, name) => [`...${name}`, `fragment ${name} on ${type} { ${inner} }`],
  (inner, type, name) => [`... { ...${name} @skip(if: false) }`, `fragment ${name} on ${type} { ${inner} }`],
]
const HIDING: readonly Disguise[] = [
  ...HARMLESS,
  (inner) => [`... @include(if: false) { ${inner} }`],
  (inner) => [`... @skip(if: true) { ${inner} }`],
  (inner, type, name) => [`...${name} @skip(if: true)`, `fragment ${name} on ${type} { ${inner} }`],
]

/** Some of the disguises, one around the other. */
const layers = (of: readonly Disguise[]) => fc.array(fc.constantFrom(...of), { maxLength: 4 })

function disguised(inner: string, type: string, prefix: string, disguises: readonly Disguise[]): [string, string[]] {
  const definitions: string[] = []
  const outer = disguises.reduce((text, disguise, index) => {
    const [next, definition] = disguise(text, type, `${prefix}_${index}`)
    if (definition) definitions.push(definition)
    return next
  }, inner)
  return [outer, definitions]
}

/** The document with some of its selections rewritten. */
function rewritten(
  document: DocumentNode,
  rewrite: (inner: string, type: string, place: number) => [string, string[]],
) {
  const info = new TypeInfo(schema)
  const definitions: string[] = []
  let place = 0
  const changed = visit(
    document,
    visitWithTypeInfo(info, {
      SelectionSet: {
        leave(node: SelectionSetNode) {
          const [inner, more] = rewrite(print(node).slice(1, -1), info.getParentType()?.name ?? '', place++)
          definitions.push(...more)
          return selectionsIn(inner)
        },
      },
    }),
  )
  return parse([print(changed), ...definitions].join('\n'))
}

function selectionsIn(text: string): SelectionSetNode | undefined {
  const [definition] = parse(`{ ${text} }`).definitions
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined
}

describe('any operation that is kept', () => {
  test('is not kept any more with one field that must not be, wherever it hides', () => {
    const hidden = fc.tuple(cacheable, layers(HIDING), fc.nat(50), fc.boolean())
    fc.assert(
      fc.property(hidden, ([document, disguises, nth, isAliased]) => {
        const places: number[] = []
        rewritten(document, (inner, type, place) => {
          if (type in UNKEPT) places.push(place)
          return [inner, []]
        })
        const changed = rewritten(document, (inner, type, place) => {
          if (place !== places[nth % places.length]) return [inner, []]
          const [field, definitions] = disguised(`${isAliased ? 'a: ' : ''}${UNKEPT[type]}`, type, 'X', disguises)
          return [nth % 2 ? `${inner} ${field}` : `${field} ${inner}`, definitions]
        })
        expect(print(changed)).toMatch(/honzikReply|tutorUsage/)
        expect(policyOf(changed)).toBeNull()
      }),
    )
  })

  test('is kept the same however its selections are written', () => {
    fc.assert(
      fc.property(cacheable, fc.array(layers(HARMLESS), { minLength: 1 }), (document, choices) => {
        const changed = rewritten(document, (inner, type, place) =>
          disguised(inner, type, `X${place}`, choices[place % choices.length] ?? []),
        )
        const aliased = visit(changed, {
          enter: (node) =>
            node.kind === Kind.FIELD
              ? { ...node, alias: { kind: Kind.NAME, value: `other_${node.name.value}` } }
              : undefined,
        })
        expect(policyOf(changed)).toEqual(policyOf(document))
        expect(policyOf(aliased)).toEqual(policyOf(document))
      }),
    )
  })
})
