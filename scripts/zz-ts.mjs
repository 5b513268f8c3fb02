import module from 'node:module'
if (process.features.typescript) module.enableCompileCache?.()
else await import('tsx')
