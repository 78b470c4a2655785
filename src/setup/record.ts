import path from 'node:path'
import { readIfThere, writeWhole } from '../base/files.ts'
import type { Paths } from '../base/paths.ts'

/** What git's configuration file was before awsfed wrote into it, as far as its text does not tell. */
export interface FileRecord {
  /** There was no file. */
  readonly created: boolean
  /** Its last line had no line end. */
  readonly newline: boolean
}

/** What was recorded of `file`; undefined where nothing was. */
export function readRecord(paths: Paths, file: string): FileRecord | undefined {
  return records(paths)[file]
}

/** Records `record` of `file`; undefined forgets it. */
export function writeRecord(paths: Paths, file: string, record: FileRecord | undefined): void {
  const { [file]: _, ...others } = records(paths)
  writeWhole(recordFile(paths), `${JSON.stringify(record ? { ...others, [file]: record } : others, null, 2)}\n`)
}

function recordFile(paths: Paths): string {
  return path.join(paths.state, 'setup-git.json')
}

function records(paths: Paths): Record<string, FileRecord> {
  const text = readIfThere(recordFile(paths))
  if (text === undefined) return {}
  try {
    return JSON.parse(text) as Record<string, FileRecord>
  } catch {
    return {} // damaged: undo then keeps an empty file or a last line end, which changes nothing for git
  }
}
