package main

import (
	"strconv"
	"strings"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow/abi"
	"rtmpwriter/publish"
)

// optionView is an option as the templates see it.
type optionView struct {
	Index                                int
	Name, Method, Property, PropertyName string
	ID                                   com.GUID
	VT, CKind, CMacro                    string
	In, Out                              string // types of the parameters of Set and Get
	Takes, Default                       string
	Secret                               bool
}

// kinds are the words for each kind.
var kinds = map[abi.Kind]struct{ vt, kind, macro, in, out string }{
	abi.Number: {"VT_I4", "OPTION_NUMBER", "NUMBER", "LONG", "LONG *"},
	abi.Choice: {"VT_I4", "OPTION_CHOICE", "NUMBER", "LONG", "LONG *"},
	abi.Bool:   {"VT_BOOL", "OPTION_BOOL", "ONOFF", "BOOL", "BOOL *"},
	abi.Text:   {"VT_BSTR", "OPTION_TEXT", "WORDS", "LPCWSTR", "LPWSTR *"},
}

func newOptionView(index int, o abi.Option, f publish.Field) optionView {
	k := kinds[o.Kind]
	return optionView{
		Index: index, Name: o.Name, Method: o.Method, Property: o.Property, PropertyName: "PROPID_nanoRTMP" + o.Property,
		ID: o.ID, VT: k.vt, CKind: k.kind, CMacro: k.macro, In: k.in, Out: k.out,
		Takes: takes(o, f), Default: shownDefault(o, f), Secret: o.Secret,
	}
}

// takes says what a value may be.
func takes(o abi.Option, f publish.Field) string {
	switch o.Kind {
	case abi.Choice:
		return abi.NumberedChoices(f)
	case abi.Bool:
		return "TRUE or FALSE"
	case abi.Number:
		return f.Range()
	default:
		return "text"
	}
}

// shownDefault is the default of the specification; "none" for an empty text.
func shownDefault(o abi.Option, f publish.Field) string {
	number, ok := o.Number(f, f.Default)
	switch {
	case o.Kind == abi.Bool && number != 0:
		return "TRUE"
	case o.Kind == abi.Bool:
		return "FALSE"
	case o.Kind == abi.Choice && ok:
		return f.Default + " (" + strconv.Itoa(int(number)) + ")"
	case f.Default == "":
		return "none"
	default:
		return f.Default
	}
}

// doc is the comment over the two methods of an option.
func (v optionView) doc(f publish.Field) string {
	text := v.Name + ": " + strings.TrimSuffix(f.Help, ".") + "."
	if v.Takes != "text" {
		text += " " + strings.ToUpper(v.Takes[:1]) + v.Takes[1:] + ";"
	} else {
		text += " Text;"
	}
	text += " default " + v.Default + "."
	if f.WhileStreaming {
		text += " Takes effect at once."
	}
	switch {
	case v.Name == "url":
		text += " GetUrl gives it whole, with its secrets."
	case v.Secret:
		text += " A secret: read back masked."
	}
	return text
}
