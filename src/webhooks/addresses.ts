import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The only IPv6 addresses that IANA gives out as global unicast; the rest is special or not in use. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')
/** RFC 6052: an IPv4 address as hosts without IPv4 see it, behind a resolver with DNS64. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

/**
 * Whether an address belongs to a host on the internet, by the registries of IANA for special-purpose addresses:
 * https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
 *
 * Stricter than these: what they call globally reachable although no receiver can live there is refused as well. The
 * anycast addresses in 192.0.0.0/24 and 2001:1::/32 are answered by one's own NAT, those of AS112 and AMT by the nearest
 * relay, and 2002::/16 carries any IPv4 address to a relay that should not be there (RFC 7526).
 */
export function isGlobal(address: string): boolean {
  // The library also reads `127.1`, octal numbers and zones. Resolvers give none, so what they mean is not guessed at.
  if (isIP(address) === 0 || address.includes('%')) return false
  const parsed = ipaddr.parse(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast'
  if (parsed.match(NAT64)) return new ipaddr.IPv4(parsed.toByteArray().slice(-4)).range() === 'unicast'
  // For the library everything without a name of its own is unicast: `::7f00:1` and `4000::` too.
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast'
}
