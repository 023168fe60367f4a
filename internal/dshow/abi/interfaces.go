package abi

import "rtmpwriter/internal/com"

// Type is the type of a parameter.
type Type uint8

// The types, as C writes them.
const (
	TextIn   Type = iota // LPCWSTR
	TextOut              // LPWSTR *, to be freed with CoTaskMemFree
	LongIn               // LONG
	LongOut              // LONG *
	BoolIn               // BOOL
	BoolOut              // BOOL *
	IntOut               // int *
	StatsOut             // rtmp_writer_stats_t *
	Handler              // RTMPStatusNotifyHandler
	Context              // void *
)

// Parameter is one parameter of a method.
type Parameter struct {
	Name string
	Type Type
}

// Method is one method; all answer an HRESULT.
type Method struct {
	Name       string
	Parameters []Parameter
	// Doc is what a programmer must know, for the header; empty where the one
	// before says it.
	Doc string
	// Answers tells S_FALSE from S_OK to the caller, so that no language may turn
	// the HRESULT into an exception and nothing else.
	Answers bool
}

// Interface is an interface over IUnknown.
type Interface struct {
	Name    string
	ID      com.GUID
	Doc     string
	Methods []Method
}

// Slot is the place of a method in the vtable: the three of IUnknown come first.
func Slot(method int) int { return 3 + method }

// The identifiers of the specification, section 2, and of the type library,
// which is ours.
var (
	ClassFilter = com.MustGUID("{B4FB59C5-983B-4D96-9204-F8B0E46704EE}") // CLSID_NANO_RTMP_WRITER
	ClassPage   = com.MustGUID("{EFC673DE-E20E-4699-8331-9522C5DF7A6D}") // CLSID_NANO_RTMP_WRITER_PROPPAGE
	TypeLibrary = com.MustGUID("{F89B7064-74F9-495E-B640-EE5AA1986D43}") // LIBID_RTMPWriterLib
)

// Interfaces lists the interfaces of the filter that are no Microsoft's.
func Interfaces() []Interface {
	return []Interface{
		{
			Name: "IRTMPOptions",
			ID:   com.MustGUID("{B8AF4593-BE31-449C-8485-3E6D65CBC1FE}"),
			Doc:  optionsDoc, Methods: append(controlMethods(), optionMethods()...),
		},
		{
			Name: "IRTMPStatusNotify",
			ID:   com.MustGUID("{E496420A-87AC-4746-B948-572F60722AA3}"),
			Doc:  notifyDoc, Methods: notifyMethods(),
		},
		{
			Name: "IRTMPMetadataSink",
			ID:   com.MustGUID("{FB8671C5-594F-4295-8E9E-75FA567EB216}"),
			Doc:  metadataDoc, Methods: metadataMethods(),
		},
	}
}

// optionMethods are the two methods of every option, in the order of the table.
// Their documentation is drawn from publish by who writes it.
func optionMethods() (methods []Method) {
	for _, o := range table {
		in, out := o.types()
		methods = append(methods,
			Method{Name: "Set" + o.Method, Parameters: []Parameter{{"value", in}}},
			Method{Name: "Get" + o.Method, Parameters: []Parameter{{"value", out}}})
	}
	return methods
}

// types are those of the parameters of Set and Get.
func (o Option) types() (in, out Type) {
	switch o.Kind {
	case Bool:
		return BoolIn, BoolOut
	case Text:
		return TextIn, TextOut
	default:
		return LongIn, LongOut
	}
}
