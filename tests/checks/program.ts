// The tree as one TypeScript program: parsed once, for the compiler's complaints and for eslint's typed rules. Incremental:
// what is known of a file holds until its text, or a type that it can see, changes.

import { join } from 'node:path'

import ts from 'typescript'

export interface CheckedProgram {
  readonly program: ts.Program
  /** The compiler's complaints, a line each. */
  readonly problems: readonly string[]
  /** The files that were checked now, by absolute path; of all others nothing can have changed since `keep` was called. */
  readonly checked: ReadonlySet<string>
  /** Remembers for the next time what was found. */
  readonly keep: () => void
}

/** Checks the program of `root`'s tsconfig.json; `memory` is the file of what is remembered. */
export function checkProgram(root: string, memory: string): CheckedProgram {
  const config = readConfig(root)
  const options: ts.CompilerOptions = { ...config.options, incremental: true, tsBuildInfoFile: memory }
  const host = ts.createIncrementalCompilerHost(options)
  // As tsc does: what is said in comments is of no interest.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors
  const before = ts.readBuilderProgram(options, host)
  const program = ts.createProgram(config.fileNames, options, host, undefined, config.errors)
  const checked = recordChecks(program)
  const builder = ts.createSemanticDiagnosticsBuilderProgram(program, host, before)
  const found = [
    ...builder.getConfigFileParsingDiagnostics(),
    ...builder.getOptionsDiagnostics(),
    ...builder.getSyntacticDiagnostics(),
    ...builder.getGlobalDiagnostics(),
    ...builder.getSemanticDiagnostics(),
  ]
  return {
    program,
    problems: toLines(found, root),
    checked: checked(before === undefined),
    keep: () => void builder.emit(),
  }
}

function readConfig(root: string): ts.ParsedCommandLine {
  const file = join(root, 'tsconfig.json')
  const { config, error } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as {
    config?: unknown
    error?: ts.Diagnostic
  }
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, root, undefined, file)
  return error ? { ...parsed, errors: [error, ...parsed.errors] } : parsed
}

// The builder tells of the files that changed, but not of those that it checks again because of them: it asks this method of
// the program for each, which the published types leave out. Should it ask no more, every file counts as checked.
function recordChecks(program: ts.Program): (everything: boolean) => Set<string> {
  const asked = new Set<string>()
  const open = program as ts.Program & {
    getBindAndCheckDiagnostics?: (file: ts.SourceFile, ...more: unknown[]) => unknown
  }
  const check = open.getBindAndCheckDiagnostics
  if (check !== undefined) {
    open.getBindAndCheckDiagnostics = (file, ...more) => {
      asked.add(file.fileName)
      return check(file, ...more)
    }
  }
  const all = () => new Set(program.getSourceFiles().map(({ fileName }) => fileName))
  return (everything) => (everything || check === undefined ? all() : asked)
}

function toLines(diagnostics: readonly ts.Diagnostic[], root: string): string[] {
  const host: ts.FormatDiagnosticsHost = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  }
  return ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(diagnostics), host).split('\n').filter(Boolean)
}
