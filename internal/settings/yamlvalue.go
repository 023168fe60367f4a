package settings

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"rtmpwriter/publish"
)

// textOf is a value as text; wrong completes a sentence that begins with the
// option's name.
func textOf(f publish.Field, name string, value ast.Node) (text, wrong string) {
	switch v := value.(type) {
	case *ast.StringNode:
		return v.Value, ""
	case *ast.LiteralNode:
		return strings.TrimRight(v.Value.Value, "\n"), ""
	case *ast.BoolNode:
		if f.Range() == "" || name == f.File {
			return "", "must be text, not " + v.Token.Value + "; put it in quotes if that is meant"
		}
		return v.Token.Value, ""
	case *ast.IntegerNode, *ast.FloatNode:
		return v.GetToken().Value, ""
	case *ast.NullNode:
		return "", `has no value; leave the line out, or write "" for an empty one`
	case *ast.SequenceNode:
		return listText(f, v)
	case ast.MapNode:
		return "", "must be one value, not a map; put it in quotes if that is meant"
	}
	return "", "must be a plain value"
}

// listText joins a list of values that hold no white space.
func listText(f publish.Field, list *ast.SequenceNode) (text, wrong string) {
	if f.Value.Type() != "list" {
		return "", "must be one value, not a list"
	}
	var items []string
	for _, n := range list.Values {
		item, ok := n.(*ast.StringNode)
		if !ok || len(strings.Fields(item.Value)) != 1 {
			return "", "must be a list of URLs"
		}
		items = append(items, item.Value)
	}
	return strings.Join(items, " "), ""
}
