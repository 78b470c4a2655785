import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { parse, stringify } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { AwsfedError } from '../../../../src/base/errors.ts'
import { builtIn } from '../../../../src/login/portal/recipes/builtIn.ts'
import { recipeOf } from '../../../../src/login/portal/recipes/index.ts'
import { placesIn } from '../../../../src/login/portal/recipes/places.ts'
import { readRecipe } from '../../../../src/login/portal/recipes/read.ts'
import { temporaryFolder } from '../../../support/programs.ts'
import { bad, badSelectors, good } from './tables.ts'

const schema = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync('recipes/schema.json', 'utf8')))

/** What is wrong in a recipe: `line:column: words`. */
function problemsOf(text: string): string[] {
  const reading = readRecipe(text, 'test')
  if (reading.kind === 'rules') return []
  if (reading.kind === 'syntax') return [`${reading.place.line}:${reading.place.column}: ${reading.what}`]
  const placeOf = placesIn(text)
  return reading.problems.map(({ way, what }) => `${placeOf(way).line}:${placeOf(way).column}: ${what}`)
}

describe('recipes that are right', () => {
  it.each(Object.entries(good))('%s', (_, text) => {
    expect(problemsOf(text)).toEqual([])
    expect(schema(parse(text)), JSON.stringify(schema.errors)).toBe(true)
  })
  it.each(Object.entries(builtIn))('the built-in %s', (_, text) => {
    expect(problemsOf(text)).toEqual([])
    expect(schema(parse(text)), JSON.stringify(schema.errors)).toBe(true)
  })
})

describe('recipes that are wrong, told with line and column; the schema says no too', () => {
  it.each(Object.entries(bad))('%s', (_, [text, ...problems]) => {
    expect(problemsOf(text).sort()).toEqual([...problems].sort())
    expect(schema(parse(text))).toBe(false)
  })
})

describe('selectors that are none', () => {
  it.each(Object.entries(badSelectors))('%s', (_, [text, problem]) => expect(problemsOf(text)).toEqual([problem]))
})

it('what is no TOML is told with line and column', () => {
  expect(problemsOf('[[rule]]\nclick = "#a\n')).toEqual(['2:12: control characters are not allowed in strings'])
})

describe('what a rule becomes', () => {
  const ruleOf = (text: string) => {
    const reading = readRecipe(text, 'corp')
    if (reading.kind !== 'rules') throw new Error(JSON.stringify(reading))
    return reading.rules[0]
  }
  it('one text where a list may stand is a list of one', () => {
    expect(ruleOf('[[rule]]\nwhen = "#a"\nunless = "#b"\ncheck = "#c"\nclick = "#d"')).toEqual({
      name: 'corp: rule 1',
      when: ['#a'],
      unless: ['#b'],
      check: ['#c'],
      click: '#d',
    })
  })
  it.each([
    ['fill = { "#a" = "username", "#b" = "otp" }\nclick = "#c"', ['#a', '#b', '#c']],
    ['choose = { options = ".x", about = "factor" }', ['.x']],
    ['show = "#n"\nclick = "#other"', ['#n']],
    ['url = "/wait"\nwait = "page"\nclick = "#other"', []],
    ['error = "#e"', []],
  ])('without `when`: what it acts on must be shown: %j', (body, when) => {
    expect(ruleOf(`[[rule]]\n${body}`)?.when).toEqual(when)
  })
})

describe('places', () => {
  const key = fc.oneof(
    fc.stringMatching(/^[a-z_-]{1,6}$/),
    fc.string({ unit: 'binary-ascii', maxLength: 6 }),
    fc.constantFrom('#id', 'a.b', 'input[name="x"]', '"', "'", '[[rule]]', '= 1', '# no comment', 'ü', '\n'),
  )
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('[[rule]]\nx = 1\n', '"""', "'''"))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.array(tie('table'), { maxLength: 3 }),
      tie('table'),
    ),
    table: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  }))

  /** Every way in a value. */
  function* waysIn(of: unknown, way: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
    if (typeof of !== 'object' || of === null) return
    for (const [name, inner] of Object.entries(of)) {
      const next = [...way, Array.isArray(of) ? Number(name) : name]
      yield next
      yield* waysIn(inner, next)
    }
  }

  it('at the place of a key stands that key, in whatever smol-toml writes', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), (document) => {
        const text = stringify(document)
        const lines = text.split('\n')
        const placeOf = placesIn(text)
        for (const way of waysIn(parse(text))) {
          const name = way.at(-1)
          if (typeof name !== 'string') continue
          const { line, column } = placeOf(way)
          const rest = (lines[line - 1] ?? '').slice(column - 1)
          // The key as it is written: bare, or quoted in the way that JSON quotes too.
          const written = /^(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')/.exec(rest)?.[0] ?? ''
          expect(Object.keys(parse(`${written} = 1`)), `${JSON.stringify(way)} in\n${text}`).toEqual([name])
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('which recipe the configuration names', () => {
  const folder = () => {
    const home = temporaryFolder()
    const config = path.join(home, '.config', 'awsfed', 'config.toml')
    mkdirSync(path.dirname(config), { recursive: true })
    const at = (...names: string[]) => path.join(home, ...names)
    return { world: { home, paths: { config } }, at, beside: path.dirname(config) }
  }
  const failure = async (promise: Promise<unknown>): Promise<AwsfedError> => {
    const error = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof AwsfedError)) throw new Error(`no AwsfedError: ${String(error)}`)
    return error
  }

  it('auto: the rules of all that are built in, push last', async () => {
    const { rules } = await recipeOf(folder().world, 'auto')
    expect(new Set(rules.map(({ name }) => name.split(': ')[0]))).toEqual(new Set(Object.keys(builtIn)))
    expect(rules.at(-1)?.name).toBe('push: number to match')
  })
  it('one by its name', async () => {
    const { rules } = await recipeOf(folder().world, 'okta')
    expect(rules.every(({ name }) => name.startsWith('okta: '))).toBe(true)
  })
  it('a file beside config.toml, in a folder below it, in the home', async () => {
    const { world, at, beside } = folder()
    const text = '# mine\n\n[[rule]]\nname = "only"\nclick = "#a"\n'
    mkdirSync(path.join(beside, 'recipes'))
    for (const file of [path.join(beside, 'corp.toml'), path.join(beside, 'recipes', 'corp.toml'), at('corp.toml')]) {
      writeFileSync(file, text)
    }
    for (const recipe of ['corp.toml', './corp.toml', 'recipes/corp.toml', '~/corp.toml', at('corp.toml')]) {
      expect((await recipeOf(world, recipe)).rules).toEqual([
        { name: 'corp: only', at: 'corp.toml:3', when: ['#a'], click: '#a' },
      ])
    }
  })
  it.each([
    ['oktta', 'set recipe = "okta" in config.toml'],
    ['nonesuch', 'set recipe = "auto" in config.toml'],
  ])('a name that is none: %s', async (recipe, hint) => {
    const error = await failure(recipeOf(folder().world, recipe))
    expect(error.message).toBe(
      `there is no recipe "${recipe}"; there are auto, adfs, entra, okta, keycloak, pingfederate, google, duo, push`,
    )
    expect(error.hint).toContain(hint)
    expect(error.kind).toBe('failed')
  })
  it('a file that is not there: its whole path', async () => {
    const { world, beside } = folder()
    const error = await failure(recipeOf(world, 'mine/corp.toml'))
    expect(error.message).toBe(`there is no recipe ${path.join(beside, 'mine', 'corp.toml')}`)
  })
  it('a file that is wrong: every problem on a line of its own, in the order of the file', async () => {
    const { world, beside } = folder()
    const file = path.join(beside, 'corp.toml')
    writeFileSync(file, '[[rule]]\nmax = 0\nfil = { "#a" = "otp" }\n')
    const error = await failure(recipeOf(world, 'corp.toml'))
    expect(error.message.split('\n')).toEqual([
      `${file}:1:3: the rule does nothing: give it fill, click, choose, show, wait, error`,
      `${file}:2:1: max must be a whole number from 1 to 10`,
      `${file}:3:1: fil is no key of a rule; did you mean fill?`,
    ])
  })
  it('a file that is no TOML', async () => {
    const { world, beside } = folder()
    writeFileSync(path.join(beside, 'corp.toml'), '[[rule\n')
    expect((await failure(recipeOf(world, 'corp.toml'))).message).toMatch(/corp\.toml:1:\d+: /)
  })
})
