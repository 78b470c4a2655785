import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import { globalConfigFile } from '../git/globalConfigFile.ts'
import { linkTarget } from '../git/linkTarget.ts'
import { type ByteText, byteText } from './bytes.ts'

/** The file that `git config --global` writes. */
interface GlobalText {
  readonly file: string
  /** Where it really lies: people keep it elsewhere, and a link to it. */
  readonly folder: string
  /** None where the file is not there yet. */
  readonly text: ByteText
}

/** @throws AwsfedError `failed` where it cannot be made, because its folder is not there */
export function globalText(world: Pick<World, 'env' | 'platform' | 'home'>): GlobalText {
  const file = globalConfigFile(world)
  const folder = path.dirname(linkTarget(file))
  if (existsSync(folder)) return { file, folder, text: existsSync(file) ? byteText(readFileSync(file)) : '' }
  throw new AwsfedError('failed', `git's global configuration is ${file}, and ${folder} is not there`, {
    hint: 'make that folder, or have GIT_CONFIG_GLOBAL name another file',
  })
}
