package main

import (
	"fmt"
	"strings"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow/abi"
	"rtmpwriter/publish"
)

// view is what the templates see.
type view struct {
	ClassFilter, ClassPage, TypeLibrary com.GUID

	Interfaces []interfaceView
	Control    []methodView // those of IRTMPOptions that no option stands behind
	Options    []optionView
	Groups     []*groupView
	Choices    []choiceView
	Stats      []fieldView
	StatsSizes [2]int // with pointers of 4 and of 8 bytes
}

type interfaceView struct {
	Name, Doc string
	ID        com.GUID
	Methods   []methodView
}

type methodView struct{ Name, Doc, C, Macro, IDL, CSharp string }

type fieldView struct{ Name, Doc, C, IDL, CSharp string }

type groupView struct {
	Heading string
	Options []optionView
}

// choiceView is the enumeration of an option with words.
type choiceView struct {
	Option, Enum string
	Words        []wordView
}

type wordView struct {
	Word, Name, Short string
	Last              bool
}

func newView() (*view, error) {
	v := &view{ClassFilter: abi.ClassFilter, ClassPage: abi.ClassPage, TypeLibrary: abi.TypeLibrary}
	defaults := publish.DefaultOptions()
	fields := defaults.Fields()
	docs := map[string]string{}
	for i, o := range abi.Options() {
		f, ok := o.FieldOf(fields)
		if !ok {
			return nil, fmt.Errorf("option %s is in the table of package abi and not in publish; it must stay in both", o.Name)
		}
		entry := newOptionView(i, o, f)
		v.Options = append(v.Options, entry)
		v.group(f.Group).Options = append(v.group(f.Group).Options, entry)
		if o.Kind == abi.Choice {
			v.Choices = append(v.Choices, newChoiceView(o, f))
		}
		docs["Set"+o.Method] = entry.doc(f)
	}
	for _, f := range abi.StatsFields() {
		t := fieldTypes[f.Type]
		v.Stats = append(v.Stats, fieldView{f.Name, f.Doc, t.c, t.idl, t.sharp})
	}
	for i, pointer := range []int{4, 8} {
		_, v.StatsSizes[i] = abi.StatsLayout(pointer)
	}
	for _, face := range abi.Interfaces() {
		v.Interfaces = append(v.Interfaces, newInterfaceView(face, docs))
	}
	options := v.Interfaces[0].Methods
	v.Control = options[:len(options)-2*len(v.Options)]
	return v, nil
}

// group finds the heading's group, or begins it.
func (v *view) group(heading string) *groupView {
	for _, g := range v.Groups {
		if g.Heading == heading {
			return g
		}
	}
	g := &groupView{Heading: heading}
	v.Groups = append(v.Groups, g)
	return g
}

func newInterfaceView(face abi.Interface, docs map[string]string) interfaceView {
	out := interfaceView{Name: face.Name, Doc: face.Doc, ID: face.ID}
	for _, m := range face.Methods {
		doc := m.Doc
		if doc == "" {
			doc = docs[m.Name]
		}
		out.Methods = append(out.Methods, methodView{m.Name, doc, cParameters(m), macroParameters(m), idlParameters(m), sharpMethod(m)})
	}
	return out
}

func newChoiceView(o abi.Option, f publish.Field) choiceView {
	c := choiceView{Option: o.Name, Enum: "RTMP" + o.Method}
	for i, word := range f.Choices {
		short := pascal(word)
		name := c.Enum + short
		if strings.Trim(short[:1], "0123456789") == "" { // no name begins with a digit
			short = "V" + short
		}
		c.Words = append(c.Words, wordView{word, name, short, i == len(f.Choices)-1})
	}
	return c
}
