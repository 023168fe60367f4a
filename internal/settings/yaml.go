package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"rtmpwriter/publish"
)

// maxFile is far above what all options with their longest values need.
const maxFile = 256 << 10

const byteOrderMark = "\xef\xbb\xbf"

// readFile reads the options of a YAML file, with the places of the values of
// lists.
func readFile(name string) (given []Given, items map[string][]string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, &Error{"configuration file " + name, withoutName(err).Error()}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, nil, &Error{"configuration file " + name, withoutName(err).Error()}
	}
	return parseYAML(filepath.ToSlash(name), text)
}

// parseYAML reads a map of options: one document, plain values, a list for the
// options that take one. Anchors, tags and what else YAML has would only hide
// mistakes and are refused. The error is an *Error.
func parseYAML(name string, text []byte) (given []Given, items map[string][]string, err error) {
	// The library is not ours; whatever it stumbles over is a bad file.
	defer func() {
		if recover() != nil {
			given, items, err = nil, nil, &Error{name, "is not YAML that can be read"}
		}
	}()
	if len(text) > maxFile {
		return nil, nil, &Error{name, fmt.Sprintf("is longer than %d bytes", maxFile)}
	}
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if !utf8.Valid(text) {
		return nil, nil, &Error{name, "is not UTF-8 text"}
	}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, nil, syntaxError(name, err)
	}
	d := document{name: name, lines: map[string]int{}, items: map[string][]string{}}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.NullType {
			continue
		}
		if err := d.read(doc.Body); err != nil {
			return nil, nil, err
		}
	}
	return d.given, d.items, nil
}

// document collects the options of a file.
type document struct {
	name  string
	given []Given
	lines map[string]int      // where each key stands
	items map[string][]string // the places of a list's values, by the list's own
	whole bool
}

func (d *document) read(body ast.Node) error {
	if d.whole {
		return d.refuse(body, "a second document; a configuration file has one")
	}
	d.whole = true
	options, ok := body.(ast.MapNode)
	if !ok {
		return d.refuse(body, "must have lines of the form name: value")
	}
	for entry := options.MapRange(); entry.Next(); {
		if err := d.option(entry.KeyValue()); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) option(entry *ast.MappingValueNode) error {
	key, ok := entry.Key.(*ast.StringNode)
	if !ok {
		return d.refuse(entry.Key, "must begin with the name of an option")
	}
	name := key.Value
	f, known := optionOf(name)
	if !known {
		return d.refuse(key, unknown(name))
	}
	if line, twice := d.lines[name]; twice {
		return d.refuse(key, fmt.Sprintf("%s is given twice, in line %d before", name, line))
	}
	d.lines[name] = lineOf(key)
	text, wrong := textOf(f, name, entry.Value)
	if wrong != "" {
		return d.refuse(key, fmt.Sprintf("option %s %s", name, wrong))
	}
	if list, ok := entry.Value.(*ast.SequenceNode); ok {
		for _, n := range list.Values {
			d.items[d.at(key)] = append(d.items[d.at(key)], d.at(n))
		}
	}
	d.given = append(d.given, Given{name, text, d.at(key)})
	return nil
}

func (d *document) refuse(n ast.Node, reason string) error { return &Error{d.at(n), reason} }

func (d *document) at(n ast.Node) string {
	if line := lineOf(n); line > 0 {
		return fmt.Sprintf("%s:%d", d.name, line)
	}
	return d.name
}

func lineOf(n ast.Node) int {
	if n == nil {
		return 0
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// optionOf finds an option by its name or its companion's.
func optionOf(name string) (publish.Field, bool) {
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		if f.Name == name || f.File != "" && f.File == name {
			return f, true
		}
	}
	return publish.Field{}, false
}

// quoted is what a message of the library's repeats of the file, which may be a
// secret.
var quoted = regexp.MustCompile(`".*"`)

func syntaxError(name string, err error) error {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) {
		return &Error{name, "is not YAML that can be read"}
	}
	if t := syntax.Token; t != nil && t.Position != nil && t.Position.Line > 0 {
		name = fmt.Sprintf("%s:%d", name, t.Position.Line)
	}
	return &Error{name, "is not YAML that can be read: " + quoted.ReplaceAllString(syntax.Message, "****")}
}
