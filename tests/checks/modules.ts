// Reads TypeScript files into what the checks ask of them: which module imports what from where, what it exports, and
// which tests it names.

import { posix } from 'node:path'

import ts from 'typescript'

export interface Import {
  /** As written. */
  readonly specifier: string
  /** The file it means, relative to the root; undefined for a package. */
  readonly target: string | undefined
  /** '*' when any of the target's exports may be meant. */
  readonly names: readonly string[]
  readonly typeOnly: boolean
  /** Is it loaded, started or read only when the code around it runs? */
  readonly later: boolean
  readonly line: number
}

export interface Export {
  readonly name: string
  readonly isType: boolean
  /** Is it mentioned again in its own file? */
  readonly usedInside: boolean
  readonly line: number
}

export interface Module {
  readonly file: string
  readonly imports: readonly Import[]
  readonly exports: readonly Export[]
  readonly tests: readonly { name: string; line: number }[]
}

/** Reads one module; `file` is its path relative to the root. */
export function readModule(file: string, text: string): Module {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const found = { imports: [] as Import[], tests: [] as Module['tests'][number][], mentions: new Map<string, number>() }
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
  const visit = (node: ts.Node): void => {
    const imported = readImport(node)
    if (imported) {
      found.imports.push({ ...imported, target: resolve(file, imported.specifier), line: lineOf(node) })
    }
    const test = readTestName(node)
    if (test !== undefined) found.tests.push({ name: test, line: lineOf(node) })
    if (ts.isIdentifier(node)) found.mentions.set(node.text, (found.mentions.get(node.text) ?? 0) + 1)
    ts.forEachChild(node, visit)
  }
  visit(source)
  const exports = source.statements.flatMap(readExports).map(({ name, isType, node }) => {
    return { name, isType, usedInside: (found.mentions.get(name) ?? 0) > 1, line: lineOf(node) }
  })
  return { file, imports: found.imports, exports, tests: found.tests }
}

function resolve(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), specifier)) : undefined
}

type Read = Pick<Import, 'specifier' | 'names' | 'typeOnly' | 'later'>

function readImport(node: ts.Node): Read | undefined {
  if (ts.isImportDeclaration(node)) return readStatic(node)
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    const { exportClause } = node
    const names = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(originalName) : ['*']
    return { specifier: textOf(node.moduleSpecifier), names, typeOnly: node.isTypeOnly, later: false }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: textOf(node.argument.literal), names: ['*'], typeOnly: true, later: false }
  }
  return readDynamic(node)
}

function readStatic(node: ts.ImportDeclaration): Read {
  const clause = node.importClause
  const bindings = clause?.namedBindings
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : []
  const whole = bindings !== undefined && ts.isNamespaceImport(bindings)
  const names = [...(clause?.name ? ['default'] : []), ...named.map(originalName), ...(whole ? ['*'] : [])]
  const onlyTypes = named.length > 0 && !clause?.name && named.every((element) => element.isTypeOnly)
  const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || onlyTypes
  return { specifier: textOf(node.moduleSpecifier), names, typeOnly, later: false }
}

/** `import('./a.ts')`, and the files that are started or read by their address: `new URL('./a.ts', import.meta.url)`. */
function readDynamic(node: ts.Node): Read | undefined {
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  const isAddress = ts.isNewExpression(node) && node.expression.getText() === 'URL'
  if (!isImport && !isAddress) return undefined
  const [argument] = node.arguments ?? []
  if (argument === undefined || !ts.isStringLiteral(argument) || (isAddress && !/\.tsx?$/.test(argument.text)))
    return undefined
  return { specifier: argument.text, names: destructuredNames(node), typeOnly: false, later: true }
}

function destructuredNames(node: ts.Node): string[] {
  const declaration = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent
  if (!ts.isVariableDeclaration(declaration) || !ts.isObjectBindingPattern(declaration.name)) return ['*']
  return declaration.name.elements.map((element) => (element.propertyName ?? element.name).getText())
}

function originalName(element: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (element.propertyName ?? element.name).text
}

function textOf(node: ts.Node): string {
  return ts.isStringLiteral(node) ? node.text : ''
}

interface Exported {
  name: string
  isType: boolean
  node: ts.Node
}

function readExports(statement: ts.Statement): Exported[] {
  if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
    const isType = statement.isTypeOnly
    return statement.exportClause.elements.map((node) => ({ name: node.name.text, isType, node }))
  }
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
  if (!modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return []
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((node) => ({ name: node.name.getText(), isType: false, node }))
  }
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
  const { name } = statement as ts.FunctionDeclaration
  return name ? [{ name: name.text, isType, node: statement }] : []
}

/** The name of a test at the top level of its file; suites and tests made in a loop may share names. */
function readTestName(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !/^(test|it)(\.(only|skip|todo))?$/.test(node.expression.getText()))
    return undefined
  const [name] = node.arguments
  return name && ts.isStringLiteralLike(name) ? name.text : undefined
}
