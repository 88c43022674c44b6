/* global React, ReactDOM, GraphiQL, graphqlSse */

// The token comes in the fragment, which browsers never send to a server, and leaves the address bar at once.
const token = new URLSearchParams(location.hash.slice(1)).get('token')
if (token !== null) {
  sessionStorage.setItem('honzik:token', token)
  history.replaceState(null, '', location.pathname)
}
const known = sessionStorage.getItem('honzik:token')

const endpoint = new URL('/graphql', location.href).href
document.querySelector('#sandbox').href =
  `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(endpoint)}`
document.querySelector('#viewer').textContent = known
  ? 'The token of your link is in the Headers tab.'
  : 'Not signed in: put an Authorization header into the Headers tab.'

const firstQuery = `# Press Ctrl+Enter to run. The Docs button on the left explains every field.
{
  # What the tutor says to a text. It also comes word by word, as a subscription.
  honzikReply(input: { text: "vcera jsem byl v praze" }) {
    reply
    correctedText
    mistakes { original corrected explanation }
    correctnessScore
    engine
  }
  health { status version }
  me {
    firstName
    level
    settings { character timezone }
    stars { total }
    statsSummary { currentStreak totalWords averageCorrectness }
    statsRange(days: 7) { date messagesCount correctPercent streakDay }
  }
}
`

const ask = GraphiQL.createFetcher({ url: endpoint, headers: { 'apollo-require-preflight': 'true' } })

/** Subscriptions come as server-sent events, everything else at once. What the editor knows of its text may be old. */
function fetcher(params, options = {}) {
  const text = params.query.replace(/#.*/g, '')
  const name = params.operationName ? `\\s+${params.operationName}\\b` : '\\b'
  if (!new RegExp(`(^|})\\s*subscription${name}`).test(text)) return ask(params, options)
  return graphqlSse.createClient({ url: endpoint, headers: options.headers, retryAttempts: 0 }).iterate(params)
}

ReactDOM.createRoot(document.querySelector('#graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: firstQuery,
    defaultEditorToolsVisibility: 'headers',
    // Given as the value, so that a fresh link's token wins over what the page remembers.
    headers: known ? JSON.stringify({ Authorization: `Bearer ${known}` }, null, 2) : '{}',
    shouldPersistHeaders: false,
  }),
)
