//! Shapes that annotations cannot say: what is flattened into another, what a merge patch may hold, when a body may be left out.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Schema, SchemaType};
use utoipa::openapi::{Content, Object, OneOfBuilder, OpenApi, Ref, RefOr, Required, Type};

type Named = BTreeMap<String, RefOr<Schema>>;

/// Says what the annotations could not.
pub fn complete(openapi: &mut OpenApi) {
    let Some(components) = &mut openapi.components else { return };
    name_lines(&mut components.schemas);
    let known = components.schemas.clone();
    for schema in components.schemas.values_mut() {
        flatten(schema, &known);
    }
    for path in openapi.paths.paths.values_mut() {
        if let Some(body) = body_of(&mut path.post) {
            let is_optional = json_of(body, &known).is_some_and(|(_, whole)| whole.required.is_empty());
            body.required = Some(if is_optional { Required::False } else { Required::True });
        }
        if let Some(body) = body_of(&mut path.patch)
            && let Some((name, whole)) = json_of(body, &known)
        {
            let name = format!("{}Patch", name.strip_suffix("Body").unwrap_or(&name));
            components.schemas.insert(name.clone(), Schema::Object(patch_of(whole)).into());
            let content = Content::new(Some(Ref::from_schema_name(name)));
            for kind in [JSON, "application/merge-patch+json"] {
                body.content.insert(kind.to_owned(), content.clone().into());
            }
        }
    }
}

const JSON: &str = "application/json";

fn body_of(operation: &mut Option<Operation>) -> Option<&mut RequestBody> {
    match operation.as_mut()?.request_body.as_mut()? {
        RefOr::T(body) => Some(body),
        RefOr::Ref(_) => None,
    }
}

/// What is sent as JSON: its name, and the object that it is.
fn json_of(body: &RequestBody, known: &Named) -> Option<(String, Object)> {
    let RefOr::T(Content { schema: Some(RefOr::Ref(named)), .. }) = body.content.get(JSON)? else {
        return None;
    };
    Some((name_of(named), object(known.get(&name_of(named))?, known)?))
}

/// Lines of pages are things that have a name, and stand there in full no second time.
fn name_lines(schemas: &mut Named) {
    let pages: Vec<_> = schemas
        .keys()
        .filter_map(|name| Some((name.clone(), name.strip_prefix("Page_")?.to_owned())))
        .collect();
    for (page, line) in pages {
        let Some(RefOr::T(Schema::Object(page))) = schemas.get_mut(&page) else { continue };
        let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items") else { continue };
        let by_name = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(&line).into()));
        if let ArrayItems::RefOrSchema(inline) = std::mem::replace(&mut items.items, by_name) {
            schemas.entry(line).or_insert(*inline);
        }
    }
}

fn name_of(reference: &Ref) -> String {
    reference.ref_location.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The object that this is, whatever it is flattened from.
fn object(schema: &RefOr<Schema>, known: &Named) -> Option<Object> {
    match schema {
        RefOr::Ref(reference) => object(known.get(&name_of(reference))?, known),
        RefOr::T(Schema::Object(object)) => Some(object.clone()),
        RefOr::T(Schema::AllOf(all)) => {
            let mut whole = Object::new();
            whole.description.clone_from(&all.description);
            for part in &all.items {
                let part = object(part, known)?;
                whole.properties.extend(part.properties);
                whole.required.extend(part.required);
            }
            Some(whole)
        }
        RefOr::T(_) => None,
    }
}

/// What is flattened is one object: as `allOf` nothing could meet it, since each part knows no fields but its own.
fn flatten(schema: &mut RefOr<Schema>, known: &Named) {
    if matches!(schema, RefOr::T(Schema::AllOf(_)))
        && let Some(whole) = object(schema, known)
    {
        *schema = Schema::Object(whole).into();
    }
}

/// A merge patch (RFC 7396) of this: any of its fields, `null` for those that go, and the version that was last seen.
fn patch_of(mut whole: Object) -> Object {
    let required = std::mem::take(&mut whole.required);
    for (name, field) in &mut whole.properties {
        // What must be there cannot go.
        if !required.contains(name) {
            or_null(field);
        }
    }
    let version = Object::builder()
        .schema_type(Type::Integer)
        .minimum(Some(0))
        .description(Some("The version you change, where no `If-Match` says it."));
    whole.properties.insert("version".to_owned(), Schema::Object(version.build()).into());
    whole.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    whole.description = Some(
        "A merge patch: fields that are to change; `null` sets one back that need not be there.".to_owned(),
    );
    whole
}

fn or_null(field: &mut RefOr<Schema>) {
    let kind = match field {
        RefOr::T(Schema::Object(object)) => &mut object.schema_type,
        RefOr::T(Schema::Array(array)) => &mut array.schema_type,
        RefOr::T(Schema::OneOf(_)) => return,
        other => {
            let null = Object::builder().schema_type(SchemaType::Type(Type::Null)).build();
            *other = Schema::OneOf(OneOfBuilder::new().item(null).item(other.clone()).build()).into();
            return;
        }
    };
    if let SchemaType::Type(only) = kind {
        *kind = SchemaType::Array(vec![only.clone(), Type::Null]);
    }
}

/// What stands in an address or a header is there or not, and is never `null`.
pub fn never_null(parameter: &mut Parameter) {
    let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema else { return };
    let SchemaType::Array(kinds) = &mut object.schema_type else { return };
    kinds.retain(|kind| *kind != Type::Null);
    if let [only] = &kinds[..] {
        object.schema_type = SchemaType::Type(only.clone());
    }
}
