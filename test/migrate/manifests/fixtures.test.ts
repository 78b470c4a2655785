import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readable } from '../../../src/migrate/bytes.ts'
import { migrated, projectIn } from './project.ts'

const fixtures = fileURLToPath(new URL('../../../fixtures/lockfiles', import.meta.url))

// What the package managers wrote, and what they take for their own afterwards (packageManagers.test.ts).
test.each(readdirSync(fixtures).filter((name) => name !== 'README.md'))('%s', (kind) => {
  const { plan, files } = migrated(projectIn(path.join(fixtures, kind, 'ssh')), true)
  expect(plan.refused).toEqual([])
  const expected = projectIn(path.join(fixtures, kind, 'https'))
  expect(files).toEqual(Object.fromEntries(expected.files.map(({ file, text }) => [file, readable(text)])))
  expect(migrated(expected, true).plan).toMatchObject({ edits: [], refused: [], sources: [] })
})
