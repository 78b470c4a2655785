import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apply } from '../../../src/migrate/apply/apply.ts'
import { undo } from '../../../src/migrate/apply/undo.ts'
import { bytesOf, byteText } from '../../../src/migrate/bytes.ts'
import { planGit } from '../../../src/migrate/gitConfig/planGit.ts'
import type { Transaction } from '../../../src/migrate/plan.ts'
import { spliced } from '../../../src/migrate/splice.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { knowledge } from '../url/knowledge.ts'
import { manifests, newHome, planWith, snapshot, ssh } from './tree.ts'

/** Any bytes, and what becomes of some stretches of them. */
const changing = fc
  .tuple(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fc.tuple(fc.nat(200), fc.nat(200), fc.uint8Array({ maxLength: 8 })), { maxLength: 4 }),
  )
  .map(([bytes, cuts]) => {
    const spans: [number, number, string][] = []
    for (const [at, length, fresh] of [...cuts].sort(([a], [b]) => a - b)) {
      const start = Math.max(at, spans.at(-1)?.[1] ?? 0)
      const end = Math.min(start + length, bytes.length)
      if (start <= end) spans.push([start, end, byteText(fresh)])
    }
    return { bytes, spans }
  })

const someFile = fc.record({ content: changing, mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444), linked: fc.boolean() })

test('plan, apply, undo: any bytes, any edits, any modes, any links within the folder', { timeout: 120_000 }, async () => {
  const home = newHome()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(someFile, { minLength: 1, maxLength: 3 }), { maxLength: 4 }), async (groups) => {
      rmSync(home.code, { recursive: true, force: true })
      mkdirSync(home.code)
      const transactions = groups.map((files, group): Transaction => {
        const changes = files.map(({ content, mode, linked }, index) => {
          const name = `${group}-${index}`
          const file = home.write(`code/${linked ? 'real/' : ''}${name}`, content.bytes)
          chmodSync(file, mode)
          if (linked) symlinkSync(`real/${name}`, path.join(home.code, name))
          return [path.join(home.code, name), ...content.spans] as const
        })
        return manifests(home.code, changes)
      })
      const before = snapshot(home.code)
      const wanted = transactions.flatMap(({ sources, edits }) =>
        sources.map(
          ({ file, text }) =>
            [
              file,
              spliced(
                text,
                edits.filter((edit) => edit.file === file),
              ),
            ] as const,
        ),
      )
      const { refused, journal } = await apply(home.world, planWith(transactions, [home.code]))
      expect(refused).toEqual([])
      for (const [file, text] of wanted) expect(byteText(readFileSync(file))).toBe(text)
      expect(Object.keys(snapshot(home.code))).toEqual(Object.keys(before))
      if (journal) expect((await undo(home.world, journal)).refused).toEqual([])
      expect(snapshot(home.code)).toEqual(before)
    }),
    { numRuns: 100 },
  )
})

const header = fc.constantFrom(
  '[remote "o"]',
  '[remote.o]',
  '[branch "b"]',
  `[url "${ssh('')}"]`,
  '[submodule "s"] # c',
  '[core]',
)
const variable = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(`url = ${ssh()}`, `  URL = "${ssh()}" ; c`, `\tpushurl=${ssh('y')}`, `\turl = ${ssh('w')}#c`),
  },
  {
    weight: 8,
    arbitrary: fc.constantFrom(`\tremote = ${ssh('z')}\\`, '\tinsteadOf = cc:', '\tname = \xc3\xa9\xff', '# url = "', ''),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 12 }) },
)
const section = fc.tuple(header, fc.array(variable, { minLength: 1, maxLength: 3 }))
const config = fc
  .tuple(fc.array(section, { minLength: 1, maxLength: 5 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([sections, end, bom]) => `${bom ? '\xef\xbb\xbf' : ''}${sections.flat(2).join(end)}`)

test('plan, apply, undo: any configuration; and with more written around it since', { timeout: 120_000 }, async () => {
  const home = newHome()
  const file = home.write('code/x/.git/config', '')
  let moved = 0
  await fc.assert(
    fc.asyncProperty(config, fc.constantFrom('# later\n', '[user]\n\tname = Jane\n'), async (text, more) => {
      writeFileSync(file, bytesOf(text))
      const { edits, refused } = planGit([{ file, text, role: 'config', barred: undefined }], [], translator(knowledge()))
      const transaction = {
        root: home.code,
        gitDir: path.dirname(file),
        unit: 'each',
        edits,
        refused,
        sources: [{ file, text }],
      } as const
      const plan = planWith([transaction], [home.code])
      const { changed, journal } = await apply(home.world, plan)
      expect(changed).toEqual(edits)
      const written = byteText(readFileSync(file))
      expect(written).toBe(spliced(text, edits))
      if (!journal) return
      moved += 1
      await undo(home.world, journal)
      expect(byteText(readFileSync(file))).toBe(text)

      const again = (await apply(home.world, plan)).journal
      writeFileSync(file, bytesOf(more + written + more))
      expect((await undo(home.world, again)).refused).toEqual([])
      expect(byteText(readFileSync(file))).toBe(more + text + more)
    }),
    { numRuns: 100 },
  )
  expect(moved).toBeGreaterThan(20)
})
