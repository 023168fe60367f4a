package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Tree is the repository as files.
type Tree struct {
	// Packages holds one entry for each folder with Go files, by path.
	Packages []*Package
	// Files holds every file, by path.
	Files []File
}

// File is one file of the repository.
type File struct {
	Path   string
	Data   []byte
	Binary bool
}

// Package is one folder's Go files, tests and other systems' files among them.
type Package struct {
	// Dir is the folder, relative to the repository; "." at its top.
	Dir string
	// Module is the module path of the nearest go.mod.
	Module  string
	Sources []*Source
}

// Source is one parsed Go file.
type Source struct {
	*ast.File
	Path  string
	Lines int
	Test  bool

	positions *token.FileSet
}

// unread tells folders that are not the repository's.
func unread(dir string) bool {
	return dir == ".git" || dir == "build" || dir == "dist" || path.Base(dir) == "node_modules"
}

// sniffed is how many bytes tell a binary file, by a zero byte among them.
const sniffed = 8000

// Load reads and parses the tree. A file that does not parse is an error.
func Load(root fs.FS) (*Tree, error) {
	t := &Tree{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if unread(name) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		t.Files = append(t.Files, File{name, data, bytes.IndexByte(data[:min(len(data), sniffed)], 0) >= 0})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t, t.parse()
}

// parse groups the Go files outside testdata by folder.
func (t *Tree) parse() error {
	modules := t.modules()
	byDir := map[string]*Package{}
	for _, f := range t.Files {
		if path.Ext(f.Path) != ".go" || slices.Contains(strings.Split(f.Path, "/"), "testdata") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, f.Path, f.Data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := path.Dir(f.Path)
		p := byDir[dir]
		if p == nil {
			p = &Package{Dir: dir, Module: moduleOf(modules, dir)}
			byDir[dir] = p
			t.Packages = append(t.Packages, p)
		}
		p.Sources = append(p.Sources, &Source{
			File: parsed, Path: f.Path, positions: set,
			Lines: bytes.Count(f.Data, []byte("\n")),
			Test:  strings.HasSuffix(f.Path, "_test.go"),
		})
	}
	return nil
}

// modules maps each folder with a go.mod to its module path.
func (t *Tree) modules() map[string]string {
	found := map[string]string{}
	for _, f := range t.Files {
		if path.Base(f.Path) != "go.mod" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
				found[path.Dir(f.Path)] = name
			}
		}
	}
	return found
}

func moduleOf(modules map[string]string, dir string) string {
	for ; dir != "."; dir = path.Dir(dir) {
		if name, ok := modules[dir]; ok {
			return name
		}
	}
	return modules["."]
}
