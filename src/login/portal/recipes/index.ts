import path from 'node:path'
import { AwsfedError } from '../../../base/errors.ts'
import { readIfThere } from '../../../base/files.ts'
import { nearestOf } from '../../../base/nearest.ts'
import type { Paths } from '../../../base/paths.ts'
import type { Rule } from '../rules.ts'
import { builtIn } from './builtIn.ts'
import type { Place } from './problem.ts'
import { readRecipe } from './read.ts'

/** Rules that know one portal's pages. What no rule matches falls to detection. */
export interface Recipe {
  /** As it was asked for: `auto`, the name of a built-in one, or the path of a file. */
  readonly name: string
  readonly rules: readonly Rule[]
}

/** Of the world what names files. */
interface RecipeWorld {
  readonly paths: Pick<Paths, 'config'>
  readonly home: string
}

const mostProblems = 20

/**
 * The recipe that `recipe` of the configuration names: `auto` for all that are built in, each of which recognises its own pages,
 * the name of one of those, or the path of a file, relative to the folder of config.toml or beginning with `~`.
 * @throws AwsfedError `failed` for a name that is none, and for a file that is missing or wrong, with line and column of each problem
 */
export async function recipeOf(world: RecipeWorld, recipe: string): Promise<Recipe> {
  if (recipe === 'auto') return { name: recipe, rules: Object.keys(builtIn).flatMap(builtInRules) }
  if (Object.hasOwn(builtIn, recipe)) return { name: recipe, rules: builtInRules(recipe) }
  if (isPath(recipe)) return recipeIn(path.resolve(path.dirname(world.paths.config), expanded(recipe, world.home)), recipe)
  const names = ['auto', ...Object.keys(builtIn)]
  const near = nearestOf(recipe, names)
  throw new AwsfedError('failed', `there is no recipe "${recipe}"; there are ${names.join(', ')}`, {
    hint: `set recipe = "${near ?? 'auto'}" in config.toml; a recipe of your own is named by its file: "${recipe}.toml"`,
  })
}

function isPath(recipe: string): boolean {
  return /[/\\]|^~|\.toml$/i.test(recipe)
}

function expanded(file: string, home: string): string {
  return file.replace(/^~(?=$|[/\\])/, () => home)
}

function builtInRules(name: string): readonly Rule[] {
  const reading = readRecipe(builtIn[name] ?? '', name)
  if (reading.kind !== 'rules') throw new Error(`the built-in recipe ${name} is wrong: ${JSON.stringify(reading)}`)
  return reading.rules
}

/** @throws AwsfedError as `recipeOf`; `shown` is how errors call the file */
async function recipeIn(file: string, shown: string): Promise<Recipe> {
  const text = readIfThere(file)
  if (text === undefined) {
    throw new AwsfedError('failed', `there is no recipe ${file}`, {
      hint: 'correct recipe in config.toml: a path is relative to the folder of config.toml',
    })
  }
  const base = path.basename(file)
  const reading = readRecipe(text, base.replace(/\.toml$/i, ''))
  if (reading.kind === 'syntax') throw wrong([lineOf(file, reading)], 'correct that line; the format is TOML (https://toml.io)')
  // Loaded only here: nobody but who writes a recipe needs to know the places in it.
  const { placesIn } = await import('./places.ts')
  const placeOf = placesIn(text)
  if (reading.kind === 'problems') {
    const lines = reading.problems.map(({ way, what }) => ({ place: placeOf(way), what }))
    lines.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    throw wrong(
      lines.map((line) => lineOf(file, line)),
      'correct the recipe; the README tells the keys of a rule, and recipes/schema.json has them for editors',
    )
  }
  return {
    name: shown,
    rules: reading.rules.map((rule, index) => ({ ...rule, at: `${base}:${placeOf(reading.ways[index] ?? []).line}` })),
  }
}

function lineOf(file: string, { place, what }: { readonly place: Place; readonly what: string }): string {
  return `${file}:${place.line}:${place.column}: ${what}`
}

function wrong(lines: readonly string[], hint: string): AwsfedError {
  const more = lines.length - mostProblems
  const shown = more > 0 ? [...lines.slice(0, mostProblems), `and ${more} more`] : lines
  return new AwsfedError('failed', shown.join('\n'), { hint })
}
