import { setTimeout as delay } from 'node:timers/promises'
import type { Captured } from '../../../session/captured.ts'
import type { Beyond } from '../devtools.ts'
import type { Chain } from './chain.ts'
import { notInHar } from './failures.ts'
import { assertionOfHar } from './har.ts'
import { reasonOf, targetOf } from './reach.ts'
import type { Rest } from './rest.ts'

/** Milliseconds that the daemon may take to have read a POST, once its answer is there: megabytes take a tenth of a second. */
const patience = 15_000

/** What the devtools protocol lets POSTs to an ACS go to: the chain answers them, and its HAR has the assertion. */
export function beyondBrowser(rest: Rest, chain: Chain, acsHosts: readonly string[]): Beyond {
  return {
    assertion: () => fromHar(rest, chain, acsHosts),
    failed: (url) => reasonOf(rest, chain, targetOf(url), undefined),
  }
}

/** The assertion that the HAR holds, once the daemon has read all of the POST: the outer proxy answers before. No event tells that. */
async function fromHar(rest: Rest, { inner }: Chain, acsHosts: readonly string[]): Promise<Captured | undefined> {
  for (const end = Date.now() + patience; ; ) {
    const found = assertionOfHar(await rest.har(inner), acsHosts)
    if (found !== 'unread') return found
    if (Date.now() > end) throw notInHar(rest.url)
    await delay(100)
  }
}
