package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"rtmpwriter/amf0"
)

// connectInfoValue is a flat JSON object as text.
type connectInfoValue string

func (v *connectInfoValue) Set(s string) error {
	_, err := parseConnectInfo(s)
	if err == nil {
		*v = connectInfoValue(s)
	}
	return err
}
func (v *connectInfoValue) String() string { return string(*v) }
func (v *connectInfoValue) Type() string   { return "string" }

// parseConnectInfo reads a flat JSON object in its order: strings, numbers,
// true, false and null. Nothing is no object. The error tells the place.
func parseConnectInfo(text string) (amf0.Object, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := infoParser{text: text, tokens: json.NewDecoder(strings.NewReader(text))}
	p.tokens.UseNumber()
	if at := invalidUTF8(text); at >= 0 {
		return nil, p.fail(at, "a byte that is not UTF-8")
	}
	object, err := p.object()
	if err != nil {
		return nil, err
	}
	p.seek("")
	if _, err := p.tokens.Token(); !errors.Is(err, io.EOF) {
		return nil, p.fail(p.at, "something behind the object")
	}
	return object, nil
}

func invalidUTF8(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

type infoParser struct {
	text   string
	tokens *json.Decoder
	at     int // where the token begins that is read next, or was read last
}

func (p *infoParser) object() (amf0.Object, error) {
	t, err := p.next("")
	if err != nil {
		return nil, err
	}
	if t != json.Delim('{') {
		return nil, p.fail(p.at, "must be an object: {\"name\": value, …}")
	}
	var object amf0.Object
	for separator := ""; p.tokens.More(); separator = "," {
		t, err := p.next(separator)
		if err != nil {
			return nil, err
		}
		name, ok := t.(string)
		if !ok {
			return nil, p.fail(p.at, "a name must be a string")
		}
		if _, twice := object.Get(name); twice {
			return nil, p.fail(p.at, "the name "+strconv.Quote(name)+" is there twice")
		}
		if len(name) > math.MaxUint16 {
			return nil, p.fail(p.at, "the name is longer than 65535 bytes")
		}
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		object = append(object, amf0.Property{Name: name, Value: value})
	}
	_, err = p.next("")
	return object, err
}

func (p *infoParser) value() (any, error) {
	t, err := p.next(":")
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		return nil, p.fail(p.at, "the object must be flat: no object or list in it")
	case json.Number:
		n, err := t.Float64()
		if err != nil {
			return nil, p.fail(p.at, "the number is too large")
		}
		return n, nil
	}
	return t, nil // string, bool or nil
}

// next reads a token, which stands behind a separator.
func (p *infoParser) next(separator string) (json.Token, error) {
	p.seek(separator)
	t, err := p.tokens.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return t, nil
	case errors.As(err, &syntax):
		return nil, p.fail(p.at, syntax.Error())
	default:
		return nil, p.fail(len(p.text), "the JSON ends too early")
	}
}

// seek finds where the next token begins.
func (p *infoParser) seek(separator string) {
	const space = " \t\r\n"
	rest := strings.TrimLeft(p.text[p.tokens.InputOffset():], space)
	rest = strings.TrimLeft(strings.TrimPrefix(rest, separator), space)
	p.at = len(p.text) - len(rest)
}

func (p *infoParser) fail(at int, why string) error {
	at = min(at, len(p.text))
	before := p.text[:at]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("bad JSON at line %d, column %d (byte %d): %s", line, column, at, why)
}
