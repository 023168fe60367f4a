// Package settings puts the writer's options together from where users give
// them: the defaults, a YAML file, the environment, the command line. Each goes
// before the one named before it, and every value keeps its origin, so that a
// wrong one is refused with the place where it stands.
package settings
