import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { byteText, readable } from '../../../src/migrate/bytes.ts'
import { type Project, planProject } from '../../../src/migrate/manifests/project.ts'
import type { Transaction } from '../../../src/migrate/plan.ts'
import { spliced } from '../../../src/migrate/splice.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { knowledge } from '../url/knowledge.ts'

/** The accounts of the fixtures, and the profile that they are mapped to. */
export const accounts = { APKAEXAMPLE000000000: 'dev', APKASECOND0000000000: 'dev' }

const translate = translator(knowledge({ mapped: accounts }))

/** The files below `folder` as a project, by their paths in it. */
export function projectIn(folder: string): Project {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  return projectOf(Object.fromEntries(names.sort().map((name) => [name, byteText(readFileSync(path.join(folder, name)))])))
}

export function projectOf(files: Readonly<Record<string, string>>, berry = false): Project {
  return { root: '/app', files: Object.entries(files).map(([file, text]) => ({ file, text, barred: undefined })), berry }
}

/** What `project` becomes, by its files. */
export function migrated(project: Project, dotGit = false): { plan: Transaction; files: Record<string, string> } {
  const plan = planProject(project, translate, () => dotGit)
  const after = (file: string, text: string) =>
    readable(
      spliced(
        text,
        plan.edits.filter((edit) => edit.file === file),
      ),
    )
  return { plan, files: Object.fromEntries(project.files.map(({ file, text }) => [file, after(file, text)])) }
}
