import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'

/** Fields, fragments unfolded, up to which compiling is quick and what it leaves behind small. */
const FIELDS_MAX = 300

/**
 * Whether compiled code answers the operation as graphql-js would, and can be had cheaply. Where some fields may be left
 * out, compiled code has the others in another order, and takes null for a condition as false, where it is an error. A
 * field that is called `__proto__` it loses.
 */
export function isCompilable({ definitions }: DocumentNode, operation: OperationDefinitionNode): boolean {
  const fragments = new Map(
    definitions.flatMap((it) => (it.kind === Kind.FRAGMENT_DEFINITION ? [[it.name.value, it] as const] : [])),
  )
  let left = FIELDS_MAX

  function isPlain({ selections }: SelectionSetNode): boolean {
    return selections.every((selection) => {
      left -= 1
      if (left < 0 || (selection.directives ?? []).length > 0) return false
      if (selection.kind === Kind.FIELD)
        return (
          (selection.alias ?? selection.name).value !== '__proto__' &&
          (selection.selectionSet === undefined || isPlain(selection.selectionSet))
        )
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      return fragment !== undefined && isPlain(fragment.selectionSet)
    })
  }

  return isPlain(operation.selectionSet)
}
