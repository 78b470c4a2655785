import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { newHome } from './commands/home.ts'

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

describe('the configuration', () => {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^( *)```toml\n([\s\S]*?)^\1```/gm)].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
  for (const [index, config] of blocks.entries()) {
    test(`example ${index + 1} is read without a warning`, async () => {
      const outcome = await newHome({ config }).awsfed(['status'])
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
    })
  }
  test('there are examples', () => expect(blocks.length).toBeGreaterThan(1))
})
