// parts.cpp: all that checker programs have in common, as one unit, since each part
// reads the same large headers. stream.cpp comes first: it gives the identifiers
// their values.
#include "stream.cpp"

#include "clip.cpp"
#include "mediatypes.cpp"
#include "quartz.cpp"
#include "samplefile.cpp"
#include "source.cpp"
#include "sourcefilter.cpp"
