import { GraphQLError, GraphQLScalarType } from 'graphql'

/** A file that came with a request. */
export class Upload {
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  /** How errors show it. */
  toJSON(): string {
    return '(a file)'
  }
}

const NO_FILE =
  'must be a file: send the operation as multipart/form-data, as the GraphQL multipart request specification says.'

/** Files are no part of a document, and nothing answers with one. */
export const UploadScalar = new GraphQLScalarType<Upload, never>({
  name: 'Upload',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  parseValue(value) {
    if (value instanceof Upload) return value
    throw new GraphQLError(`Upload ${NO_FILE}`)
  },
  parseLiteral(node) {
    throw new GraphQLError(`Upload ${NO_FILE}`, { nodes: node })
  },
  serialize() {
    throw new GraphQLError('Upload cannot be answered with.')
  },
})
