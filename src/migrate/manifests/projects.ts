import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { type Bar, fenceAround } from '../find/fence.ts'
import type { FoundManifest } from '../find/find.ts'
import { realOf } from '../find/gitDir.ts'
import { textIfReadable } from '../find/read.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import { fileNames, type Project, type ProjectFile } from './project.ts'
import { type Package, packageIn } from './workspaces.ts'

/**
 * Which of `manifests` are read together: a package.json with its lockfiles, its workspaces, and the folders that it links.
 * @param folders that were given: what lies outside of them is not written
 */
export async function projectsOf(manifests: readonly FoundManifest[], folders: readonly string[]): Promise<Project[]> {
  const reader = new Reader(manifests, fenceAround(folders))
  for (const folder of [...reader.files.keys()]) await reader.relate(folder)
  return reader.projects()
}

class Reader {
  /** What may name CodeCommit, by folder. */
  readonly files = new Map<string, ProjectFile[]>()
  /** By the real path of a file the folders that have it: several, where links lead to it. */
  readonly #sharing = new Map<string, string[]>()
  readonly #barOf: (file: string) => Bar | undefined
  readonly #packages = new Map<string, Promise<Package | undefined>>()
  readonly #berry = new Set<string>()
  /** From a folder to another of its project; the last one of such a chain stands for all. */
  readonly #next = new Map<string, string>()

  constructor(manifests: readonly FoundManifest[], barOf: (file: string) => Bar | undefined) {
    this.#barOf = barOf
    for (const { file, text, barred } of manifests) {
      if (text !== undefined) this.#add({ file, text, barred })
    }
  }

  /** Joins `folder` with those that its package manager reads together with it. */
  async relate(folder: string): Promise<void> {
    const own = await this.#package(folder)
    if (own?.berry) this.#berry.add(folder)
    for (const linked of own?.linked ?? []) if (this.files.has(linked)) this.#join(folder, linked)
    for (const place of upwards(folder)) {
      const above = await this.#package(place)
      if (!above || (place !== folder && !above.workspaces.includes(folder))) continue
      if (above.berry) this.#berry.add(folder)
      this.#join(place, folder)
      for (const name of fileNames) this.#read(path.join(place, name))
      for (const member of above.workspaces) this.#member(place, member)
    }
  }

  /** A project for each group of folders that have been joined. */
  projects(): Project[] {
    const groups = new Map<string, string[]>()
    for (const folder of this.files.keys()) {
      const last = this.#last(folder)
      groups.set(last, [...(groups.get(last) ?? []), folder])
    }
    return [...groups.values()].map((group) => {
      const [top = ''] = [...group].sort((a, b) => a.length - b.length)
      const files = group.flatMap((folder) => this.files.get(folder) ?? []).map((file) => this.#withManifest(file))
      return { root: repositoryOf(top), files, berry: group.some((folder) => this.#berry.has(folder)) }
    })
  }

  /** A workspace, perhaps by a link that no search goes along. */
  #member(root: string, member: string): void {
    const real = realpathSync.native(member)
    if (this.files.has(real)) this.#join(root, real)
    else if (!this.files.has(member)) this.#read(path.join(member, 'package.json'))
    if (this.files.has(member)) this.#join(root, member)
  }

  #read(file: string): void {
    const text = textIfReadable(file)
    if (text !== undefined && mayNameCodeCommit(text)) this.#add({ file, text, barred: this.#barOf(realOf(file)) })
  }

  /** What several folders have by links is in one of them, and they are one project. */
  #add(file: ProjectFile): void {
    const folder = path.dirname(file.file)
    const files = this.files.get(folder) ?? []
    const real = realOf(file.file)
    const [first, ...others] = this.#sharing.get(real) ?? []
    if (first === undefined) this.files.set(folder, [...files, file])
    else if (first !== folder && !others.includes(folder)) {
      this.files.set(folder, files)
      this.#join(first, folder)
    } else return
    this.#sharing.set(real, [...(this.#sharing.get(real) ?? []), folder])
  }

  /** Nobody installs by a lock without a manifest, so that nobody could tell whether it is right afterwards. */
  #withManifest(file: ProjectFile): ProjectFile {
    const isManifest = ['package.json', 'pnpm-workspace.yaml', '.yarnrc.yml'].includes(path.basename(file.file))
    const folders = this.#sharing.get(realOf(file.file)) ?? []
    if (isManifest || file.barred || folders.some((folder) => existsSync(path.join(folder, 'package.json')))) return file
    return { ...file, barred: { reason: 'there is no package.json beside this lock', hint: 'remove it, if nothing uses it' } }
  }

  #package(folder: string): Promise<Package | undefined> {
    const known = this.#packages.get(folder) ?? packageIn(folder)
    this.#packages.set(folder, known)
    return known
  }

  #join(one: string, other: string): void {
    const [a, b] = [this.#last(one), this.#last(other)]
    if (a !== b) this.#next.set(b, a)
  }

  #last(folder: string): string {
    let last = folder
    for (let next = this.#next.get(last); next !== undefined; next = this.#next.get(last)) last = next
    return last
  }
}

/** `folder`, and those that hold it. */
function upwards(folder: string): string[] {
  const above = path.dirname(folder)
  return above === folder ? [folder] : [folder, ...upwards(above)]
}

/** The repository that holds `folder`; itself, where there is none. */
function repositoryOf(folder: string): string {
  return upwards(folder).find((place) => existsSync(path.join(place, '.git'))) ?? folder
}
