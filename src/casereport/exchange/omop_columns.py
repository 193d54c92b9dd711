"""The tables of the OMOP common data model 5.4 that a case fills, with all their columns and how long a text may be."""

_START = "provider_id visit_occurrence_id visit_detail_id"
COLUMNS = {
    "person": (
        "person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime race_concept_id "
        "ethnicity_concept_id location_id provider_id care_site_id person_source_value gender_source_value "
        "gender_source_concept_id race_source_value race_source_concept_id ethnicity_source_value "
        "ethnicity_source_concept_id"
    ),
    "observation_period": (
        "observation_period_id person_id observation_period_start_date observation_period_end_date "
        "period_type_concept_id"
    ),
    "measurement": (
        "measurement_id person_id measurement_concept_id measurement_date measurement_datetime measurement_time "
        "measurement_type_concept_id operator_concept_id value_as_number value_as_concept_id unit_concept_id range_low "
        f"range_high {_START} measurement_source_value measurement_source_concept_id unit_source_value "
        "unit_source_concept_id value_source_value measurement_event_id meas_event_field_concept_id"
    ),
    "drug_exposure": (
        "drug_exposure_id person_id drug_concept_id drug_exposure_start_date drug_exposure_start_datetime "
        "drug_exposure_end_date drug_exposure_end_datetime verbatim_end_date drug_type_concept_id stop_reason refills "
        f"quantity days_supply sig route_concept_id lot_number {_START} drug_source_value drug_source_concept_id "
        "route_source_value dose_unit_source_value"
    ),
    "procedure_occurrence": (
        "procedure_occurrence_id person_id procedure_concept_id procedure_date procedure_datetime procedure_end_date "
        f"procedure_end_datetime procedure_type_concept_id modifier_concept_id quantity {_START} "
        "procedure_source_value procedure_source_concept_id modifier_source_value"
    ),
    "condition_occurrence": (
        "condition_occurrence_id person_id condition_concept_id condition_start_date condition_start_datetime "
        "condition_end_date condition_end_datetime condition_type_concept_id condition_status_concept_id stop_reason "
        f"{_START} condition_source_value condition_source_concept_id condition_status_source_value"
    ),
    "observation": (
        "observation_id person_id observation_concept_id observation_date observation_datetime "
        "observation_type_concept_id value_as_number value_as_string value_as_concept_id qualifier_concept_id "
        f"unit_concept_id {_START} observation_source_value observation_source_concept_id unit_source_value "
        "qualifier_source_value value_source_value observation_event_id obs_event_field_concept_id"
    ),
    "concept": (
        "concept_id concept_name domain_id vocabulary_id concept_class_id standard_concept concept_code "
        "valid_start_date valid_end_date invalid_reason"
    ),
    "cdm_source": (
        "cdm_source_name cdm_source_abbreviation cdm_holder source_description source_documentation_reference "
        "cdm_etl_reference source_release_date cdm_release_date cdm_version cdm_version_concept_id vocabulary_version"
    ),
}
LONGEST = 50  # characters of a source value
