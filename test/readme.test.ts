import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readRecipe } from '../src/login/portal/recipes/read.ts'
import { newHome } from './commands/home.ts'
import { programs, run } from './support/programs.ts'

const file = 'README.md'

/** README.md around and in the part between `<!-- NAME: … -->` and `<!-- /NAME -->`. */
function parts(name: string): [before: string, part: string, after: string] {
  const text = readFileSync(file, 'utf8')
  const start = text.indexOf('-->\n', text.indexOf(`<!-- ${name}:`)) + 4
  const end = text.indexOf(`<!-- /${name} -->`)
  if (start < 4 || end < start) throw new Error(`${file} has no part ${name}`)
  return [text.slice(0, start), text.slice(start, end), text.slice(end)]
}

/** Compares a part of the README with what it should be; with AWSFED_README=write it writes that. */
function expectPart(name: string, wanted: string): void {
  const [before, part, after] = parts(name)
  if (process.env.AWSFED_README === 'write') writeFileSync(file, before + wanted + after)
  else expect(part).toBe(wanted)
}

test('the commands are what --help prints', async () => {
  const { awsfed } = newHome()
  const { stdout } = await awsfed(['--help'])
  const paths = [...stdout.matchAll(/^ {2}awsfed ([a-z ]+?) {2}/gm)].map(([, path = '']) => path)
  expect(paths).toContain('setup git')
  const helps = await Promise.all(
    paths.map(async (path) => ({ path, help: (await awsfed([...path.split(' '), '--help'])).stdout })),
  )
  const wanted = helps.map(({ path, help }) => `### awsfed ${path}\n\n\`\`\`text\n${help}\`\`\`\n`).join('\n')
  expectPart('commands', `\n${wanted}\n`)
})

/** What differs from one run of the demo to the next, made the same. */
function normalised(line: string): string {
  return line
    .replace(/^\/.*(?=: added)/, '~/.gitconfig')
    .replace(/(?<=under Node ).*/, '/usr/bin/node')
    .replace(/localhost:\d+|127\.0\.0\.1:\d+/, 'localhost:40443')
    .replace(/until (\d{4}-\d\d-\d\d )?\d\d:\d\d$/, 'until 17:05')
    .replace(/^\[main \w+\]/, '[main 5f9c2e1]')
    .replace(/\b[0-9a-f]{7,}\.\.[0-9a-f]{7,}\b/, '1b7d4a0..5f9c2e1')
}

// The scenes up to the one whose lines come in any order.
test('the transcript is what the demo prints', async () => {
  const outcome = await run(process.execPath, [programs.awsfed, 'sandbox', '--demo'], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: 'C.UTF-8' },
  })
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0)
  const [shown = ''] = outcome.stdout.split('\n# Lapsed again')
  const wanted = shown.trimEnd().split('\n').map(normalised).join('\n')
  expectPart('transcript', `\n\`\`\`console\n${wanted}\n\`\`\`\n\n`)
}, 120_000)

test('what Install installs is what npm pack makes', () => {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(readFileSync(file, 'utf8')).toContain(`npm install -g ./${name}-${version}.tgz`)
})

describe('the configuration', () => {
  const all = [...readFileSync(file, 'utf8').matchAll(/^( *)```toml\n([\s\S]*?)^\1```/gm)].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
  const recipe = /^\[\[rule\]\]/m
  const blocks = all.filter((text) => !recipe.test(text))
  test.each(all.filter((text) => recipe.test(text)))('a recipe is read, and explained key by key: %#', (text) => {
    expect(readRecipe(text, 'example').kind).toBe('rules')
    const { rule } = JSON.parse(readFileSync('recipes/schema.json', 'utf8')).definitions
    const rows = [...readFileSync(file, 'utf8').matchAll(/^\| `(\w+)` \| /gm)].map(([, key]) => key)
    expect(rows).toEqual(expect.arrayContaining(Object.keys(rule.properties)))
  })
  for (const [index, config] of blocks.entries()) {
    test(`example ${index + 1} is read without a warning`, async () => {
      const outcome = await newHome({ config }).awsfed(['status'])
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
    })
  }
  test('there are examples', () => expect(blocks.length).toBeGreaterThan(1))
})
