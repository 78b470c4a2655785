import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { AwsfedError } from '../base/errors.ts'

/** Where `file` leads, by however many links, also when that is not there yet. */
export function linkTarget(file: string, links = 0): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return path.resolve(file)
  // As many as Linux follows (path_resolution(7)).
  if (links >= 40) {
    throw new AwsfedError('failed', `${file} is a link that leads round in a circle`, { hint: `remove ${file}` })
  }
  return linkTarget(path.resolve(realpathSync(path.dirname(file)), readlinkSync(file)), links + 1)
}
