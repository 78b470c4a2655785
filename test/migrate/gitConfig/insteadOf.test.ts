import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rewritten, ruleFor, rulesOf } from '../../../src/migrate/gitConfig/insteadOf.ts'
import { parseConfig } from '../../../src/migrate/gitConfig/parse.ts'
import { codeFolder } from '../repositories.ts'

const { at, env, write } = codeFolder()

/** What git makes of `url` by the rules in `config`. */
function gits(config: string, url: string): string {
  const file = write(at('config'), config)
  const { stdout } = spawnSync('git', ['ls-remote', '--get-url', '--', url], {
    cwd: at(),
    env: { ...env, GIT_CONFIG_GLOBAL: file },
  })
  return stdout.toString().replace(/\n$/, '')
}

function ours(config: string, url: string): string {
  const rule = ruleFor(
    url,
    rulesOf(parseConfig(config).entries).filter(({ push }) => !push),
  )
  return rule ? rewritten(url, rule) : url
}

const bases = fc.constantFrom('ssh://h/', 'ssh://h/a', 'https://h/', 'cc:', 'x')
const patterns = fc.constantFrom('cc:', 'cc:a', 'cc:ab', 'ssh://', 'ssh://h/', 'https://h/', 'c', '"cc:" # c')
const rule = fc
  .tuple(bases, fc.constantFrom('insteadOf', 'pushInsteadOf', 'INSTEADOF'), patterns)
  .map(([base, name, pattern]) => `[url "${base}"]\n\t${name} = ${pattern}\n`)

test('whatever the rules: what git makes of a URL', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 5 }),
      fc.constantFrom('cc:ab', 'cc:b', 'ssh://h/a', 'https://h/a', 'c'),
      (rules, url) => {
        expect(ours(rules.join(''), url)).toBe(gits(rules.join(''), url))
      },
    ),
    { numRuns: 500 },
  )
})
