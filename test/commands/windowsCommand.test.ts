import { describe, expect, test } from 'vitest'
import { windowsSpawning } from '../../src/commands/windowsCommand.ts'

const env = {
  Path: 'C:\\tools;C:\\Program Files\\nodejs',
  PATHEXT: '.COM;.EXE;.BAT;.CMD',
  ComSpec: 'C:\\Windows\\system32\\cmd.exe',
}
const files = new Set(['C:\\tools\\git.EXE', 'C:\\Program Files\\nodejs\\npm.CMD', '.\\build.bat', 'C:\\tools\\odd.name.EXE'])
const isFile = (file: string) => files.has(file)

describe('windowsSpawning', () => {
  test('an .exe is started as it is', () => {
    expect(windowsSpawning('git', ['a b', '%x%'], env, isFile)).toEqual({
      file: 'C:\\tools\\git.EXE',
      args: ['a b', '%x%'],
      verbatim: false,
    })
  })
  test('what is not found is left to Windows to refuse', () => {
    expect(windowsSpawning('nothing', [], env, isFile)).toEqual({ file: 'nothing', args: [], verbatim: false })
  })
  test('a .cmd goes through cmd.exe, each argument quoted twice', () => {
    expect(windowsSpawning('npm', ['run', 'a b', 'x&calc', '%PATH%', 'say "hi"', 'end\\'], env, isFile)).toEqual({
      file: 'C:\\Windows\\system32\\cmd.exe',
      args: [
        '/d',
        '/s',
        '/c',
        '"C:\\Program^ Files\\nodejs\\npm.CMD ' +
          '^^^"run^^^" ^^^"a^^^ b^^^" ^^^"x^^^&calc^^^" ^^^"^^^%PATH^^^%^^^" ^^^"say^^^ \\^^^"hi\\^^^"^^^" ^^^"end\\\\^^^""',
      ],
      verbatim: true,
    })
  })
  test('a .bat by its path', () => {
    expect(windowsSpawning('.\\build.bat', [], env, isFile).args.at(-1)).toBe('"build.bat"')
  })
  test('an argument with a line break is refused', () => {
    expect(() => windowsSpawning('npm', ['a\nb'], env, isFile)).toThrow(/line break/)
  })
})
