import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { guard } from '../../../src/migrate/apply/guard.ts'
import { bytesOf, byteText } from '../../../src/migrate/bytes.ts'
import { parseConfig } from '../../../src/migrate/gitConfig/parse.ts'
import { planGit } from '../../../src/migrate/gitConfig/planGit.ts'
import { spliced } from '../../../src/migrate/splice.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { host, newHome, repository } from '../apply/tree.ts'
import { knowledge } from '../url/knowledge.ts'

// Where git goes is git's own word: of a remote, for fetches and for pushes, before the plan and after it.

const key = 'APKAEXAMPLE000000000'
const west = 'git-codecommit.us-west-2.amazonaws.com'

const url = fc.constantFrom(
  ...[`ssh://${host}/v1/repos/x`, `ssh://${key}@${west}:22/v1/repos/Y/`, 'cc:/v1/repos/x', `ssh://cc/v1/repos/x`],
  ...[`${key}@${host}:v1/repos/x`, 'codecommit::us-west-2://prod@x', `https://${host}/v1/repos/x`],
  ...['my:x', 'w:v1/repos/x', 'elsewhere:/v1/repos/x', 'git@github.com:a/b.git', '../x'],
)
const rule = fc
  .tuple(
    fc.constantFrom(
      ...[`ssh://${host}/`, `ssh://${host}/v1/repos/`, `ssh://${key}@${west}/v1/repos/`, 'cc:', 'cc:/v1/repos/'],
      ...['codecommit::us-west-2://', `https://${host}/v1/repos/`],
    ),
    fc.constantFrom('insteadOf', 'insteadOf', 'pushInsteadOf'),
    fc.constantFrom('my:', 'w:', 'my:', `ssh://${host}/`, `https://${host}/`, `https://${host}/v1/repos/`, 'cc:'),
  )
  .map(([base, name, pattern]) => `[url "${base}"]\n\t${name} = ${pattern}\n`)
const remote = fc
  .tuple(fc.array(url, { minLength: 1, maxLength: 2 }), fc.option(url))
  .map(([urls, push]) => `${urls.map((one) => `\turl = ${one}\n`).join('')}${push === null ? '' : `\tpushurl = ${push}\n`}`)
const rules = fc.array(rule, { maxLength: 2 }).map((some) => some.join(''))
const command = fc.constantFrom('', '', `[core]\n\tsshCommand = ssh -l ${key}\n`)

test('whatever the configuration: what is planned and guarded leads git to what the plan makes of where it went', async () => {
  const home = newHome()
  const { world, git, write } = home
  const folder = repository(home)
  const gitDir = path.join(folder, '.git')
  const config = path.join(gitDir, 'config')
  git(folder, 'remote', 'remove', 'origin')
  const plain = byteText(readFileSync(config))
  const destinations = () =>
    ['--all', '--push'].map((which) => git(folder, 'remote', 'get-url', '--all', which, 'o').trim().split('\n'))
  const mapped = { [key]: 'dev', APKAALIAS00000000000: 'ops', prod: 'live' }
  const translate = translator(knowledge({ mapped, sshHost: hostOf }))
  await fc.assert(
    fc.asyncProperty(rules, remote, rules, command, async (ambient, urls, own, set) => {
      write('.gitconfig', ambient)
      const text = `${plain}${set}[remote "o"]\n${urls}${own}`
      writeFileSync(config, bytesOf(text))
      const before = destinations()
      const file = { file: config, text, role: 'config' as const, barred: undefined }
      const decisions = planGit([file], parseConfig(ambient).entries, translate)
      const transaction = { root: folder, gitDir, unit: 'each' as const, sources: [{ file: config, text }], ...decisions }
      const plan = await guard(world, { transactions: [transaction], refused: [], reported: [], keys: [] }, [folder])
      // What is refused is for a person to mend.
      if (plan.transactions.some(({ refused }) => refused.length > 0)) return
      writeFileSync(config, bytesOf(spliced(text, decisions.edits)))
      const place = set === '' ? {} : { sshUser: key }
      const wanted = before.map((some) =>
        some.map((one) => {
          const verdict = translate(one, 'git', place)
          return verdict.verdict === 'move' ? verdict.to : one
        }),
      )
      expect(destinations()).toEqual(wanted)
    }),
    { numRuns: 120 },
  )
}, 120_000)

function hostOf(name: string) {
  if (name === 'cc') return { hostname: host, user: 'APKAALIAS00000000000', port: 22 }
  return { hostname: name, user: undefined, port: 22 }
}
