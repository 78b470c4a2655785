import { type Account, successorsOf } from '../../../src/migrate/url/accounts.ts'
import type { Knowledge } from '../../../src/migrate/url/translate.ts'

const host = 'git-codecommit.us-east-1.amazonaws.com'

/** What the tables of this folder know of the world; `more` on top of it. */
export function knowledge(
  more: Partial<Knowledge> & { mapped?: Record<string, string>; found?: (string | Account)[] } = {},
): Knowledge {
  const { to = 'https', mapped = {}, found = [], ...rest } = more
  const accounts = found.map((one) => (typeof one === 'string' ? { name: one, form: 'ssh' as const } : one))
  const aliases: Record<string, { hostname: string; user: string | undefined; port: number }> = {
    cc: { hostname: host, user: 'APKAALIAS00000000000', port: 22 },
    plain: { hostname: host, user: undefined, port: 22 },
    tunnel: { hostname: host, user: undefined, port: 2222 },
    [host]: { hostname: host, user: undefined, port: 22 },
    elsewhere: { hostname: 'git.example.com', user: 'git', port: 22 },
    [`${host}.evil.com`]: { hostname: `${host}.evil.com`, user: undefined, port: 22 },
    [`${host}-work`]: { hostname: host, user: 'APKAWORK000000000000', port: 22 },
  }
  return {
    to,
    successorOf: successorsOf(to, new Map(Object.entries(mapped)), accounts),
    sshHost: (name) => aliases[name],
    regionOf: (profile) => ({ prod: 'eu-west-1', china: 'cn-north-1' })[profile ?? ''],
    ...rest,
  }
}
