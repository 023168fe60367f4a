package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

func packagesDocumented(t *Tree) (broken []string) {
	for _, p := range t.Packages {
		documented := slices.ContainsFunc(p.Sources, func(s *Source) bool { return s.Doc != nil })
		if !documented {
			broken = append(broken, fmt.Sprintf("%s: no package comment; say in doc.go, in one sentence, what the package is for", p.Dir))
		}
	}
	return broken
}

// public tells the packages that programs outside the module can import.
func (p *Package) public() bool {
	return p.Module == mainModule && !p.main() && p.room() != "examples" &&
		!slices.Contains(strings.Split(p.Dir, "/"), "internal")
}

func identifiersDocumented(t *Tree) (broken []string) {
	for p, s := range t.sources() {
		if !p.public() || s.Test {
			continue
		}
		for _, decl := range s.Decls {
			for _, name := range undocumented(decl) {
				broken = append(broken, s.at(name.Pos(), "%s has no comment; say what it is, with units, ranges and errors where it has them", name.Name))
			}
		}
	}
	return broken
}

// undocumented lists the exported names of a declaration that no comment
// stands by.
func undocumented(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var names []*ast.Ident
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, undocumentedType(d, spec)...)
			case *ast.ValueSpec:
				if d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					names = append(names, exported(spec.Names)...)
				}
			}
		}
		return names
	}
	return nil
}

// undocumentedType looks at a type and at the methods of an interface. A
// comment over a group of types is none for each of them.
func undocumentedType(d *ast.GenDecl, spec *ast.TypeSpec) []*ast.Ident {
	if !spec.Name.IsExported() {
		return nil
	}
	var names []*ast.Ident
	alone := d.Lparen == token.NoPos
	if spec.Doc == nil && spec.Comment == nil && (!alone || d.Doc == nil) {
		names = append(names, spec.Name)
	}
	if face, ok := spec.Type.(*ast.InterfaceType); ok {
		for _, method := range face.Methods.List {
			if method.Doc == nil && method.Comment == nil {
				names = append(names, exported(method.Names)...)
			}
		}
	}
	return names
}

func exported(names []*ast.Ident) []*ast.Ident {
	return slices.DeleteFunc(slices.Clone(names), func(n *ast.Ident) bool { return !n.IsExported() })
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	expr := d.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
